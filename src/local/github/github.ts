import { createPublicKey } from "node:crypto";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { createAdaptorServer } from "@hono/node-server";
import { callLog } from "./api-calls.ts";
import { administration, type Admin } from "./admin.ts";
import { openBare, type Bare } from "./bare.ts";
import { contentLimits } from "./content-limit.ts";
import { checkedContract, noContract, type Violations } from "./contract.ts";
import { filler } from "./fill.ts";
import { lockPerKey } from "./lock.ts";
import { openApi } from "./openapi.ts";
import { usualEvents, usualPermissions, type AppOptions, type GitHubOptions } from "./options.ts";
import { addUser } from "./people.ts";
import { site } from "./site.ts";
import { openStore, type Store } from "./store.ts";
import { watchQueues } from "./tend-queue.ts";
import { webhooks } from "./webhooks.ts";
import { userByLogin, type App, type World } from "./world.ts";

export interface GitHub {
  /** `http://127.0.0.1:<port>`: pages, git and archives. */
  readonly url: string;
  /** `<url>/api/v3` */
  readonly apiUrl: string;
  readonly port: number;
  readonly admin: Admin;
  /** Makes a further app known; the one of the options comes first. */
  register(app: AppOptions): void;
  /** Where requests, answers or webhooks broke GitHub's own description. */
  violations(): Violations;
  close(): Promise<void>;
}

/** Starts a GitHub on loopback: REST, git over HTTP, webhooks, archives and pages, all kept in one directory. */
export const startGitHub = async (options: GitHubOptions): Promise<GitHub> => {
  const store = await openStore(options.dir);
  const bares = new Map<number, Bare>();
  const served: { fetch: (request: Request) => Response | Promise<Response> } = {
    fetch: () => new Response("starting", { status: 503 }),
  };
  const server = createAdaptorServer({ fetch: (request) => served.fetch(request) });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  const world = newWorld(options, { store, bares, url: `http://127.0.0.1:${port}` });
  register(world, options.app);
  served.fetch = site(world).fetch;
  await resume(world);
  const unwatch = watchQueues(world);
  return {
    url: world.urls.html,
    apiUrl: world.urls.api,
    port,
    admin: administration(world),
    register: (app) => register(world, app),
    violations: () => world.contract.violations(),
    close: async () => {
      unwatch();
      const closed = new Promise((resolve) => server.close(resolve));
      if ("closeAllConnections" in server) server.closeAllConnections();
      await closed;
      await world.webhooks.settled();
      for (const bare of bares.values()) bare.objects.close();
      await store.flush();
    },
  };
};

interface Parts {
  readonly store: Store;
  readonly bares: Map<number, Bare>;
  readonly url: string;
}

const newWorld = (options: GitHubOptions, { store, bares, url }: Parts): World => {
  const openapi = openApi();
  const { state } = store;
  return {
    dir: options.dir,
    state,
    apps: new Map(),
    urls: { html: url, api: `${url}/api/v3`, uploads: `${url}/api/uploads` },
    now: options.now,
    log: options.log,
    openapi,
    fill: filler(openapi, url),
    contract: options.contract === false ? noContract : checkedContract(openapi),
    faults: [...(options.faults ?? [])],
    calls: callLog(),
    latency: { ms: 0 },
    countWrites: contentLimits(options.contentLimit),
    webhooks: webhooks(options.dir),
    nextId: () => (state.lastId += 1),
    touch: () => store.touch(),
    lock: lockPerKey(),
    bare: ({ id }) => {
      const held = bares.get(id) ?? openBare(join(options.dir, "repositories", `${id}.git`));
      bares.set(id, held);
      return held;
    },
  };
};

const register = (world: World, options: AppOptions): void => {
  const app: App = {
    id: options.id,
    slug: options.slug,
    publicKey: publicKeyOf(options),
    webhookUrl: options.webhookUrl,
    webhookSecret: options.webhookSecret,
    permissions: options.permissions ?? usualPermissions,
    events: options.events ?? usualEvents,
  };
  world.apps.set(app.id, app);
  const login = `${app.slug}[bot]`;
  if (!userByLogin(world, login)) addUser(world, { login, type: "Bot" });
};

const publicKeyOf = ({ publicKey, privateKey, slug }: AppOptions): string => {
  const pem = publicKey ?? privateKey;
  if (!pem) throw new Error(`the app ${slug} needs a publicKey or a privateKey (PEM)`);
  return createPublicKey(pem).export({ type: "spki", format: "pem" }).toString();
};

/** Deliveries that were under way when the last run ended go out again, as new attempts. */
const resume = async (world: World): Promise<void> => {
  const lost = world.state.deliveries.filter(({ status }) => status === "pending");
  for (const delivery of lost) {
    delivery.status = "failed to connect to host";
    await world.webhooks.again(world, delivery);
  }
};
