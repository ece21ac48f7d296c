import { createHmac, randomUUID } from "node:crypto";
import type { Json } from "./fill.ts";
import { covers } from "./permissions.ts";
import { deliveryFiles } from "./delivery-files.ts";
import { repositoryView } from "./repository-view.ts";
import type { Delivery, Installation, Repository, User } from "./state.ts";
import { userView } from "./users.ts";
import type { App, World } from "./world.ts";

export interface Event {
  readonly event: string;
  readonly action?: string;
  /** What is special to the event; repository, sender and installation are added. */
  readonly body: Json;
  readonly by: User;
  readonly repository?: Repository;
  /** Tell this app alone (what is said of its own checks). */
  readonly only?: number;
}

export interface Webhooks {
  /** Tells every app that is installed and listens. */
  emit(world: World, event: Event): Promise<void>;
  /** Tells one app, wherever it is installed. */
  tell(world: World, app: App, event: Event & { readonly installation?: Installation }): Promise<void>;
  /** Sends a delivery once more, with the same GUID. */
  again(world: World, delivery: Delivery): Promise<void>;
  /** Keeps deliveries back from now on. */
  hold(): void;
  /** What is kept back, oldest first. */
  held(): readonly Delivery[];
  /** Sends what is kept back, one after the other: all of it, or what is given, in that order, repeats included. */
  release(world: World, chosen?: readonly Delivery[]): Promise<void>;
  /** Waits for all deliveries that are under way. */
  settled(): Promise<void>;
}

const timeoutMs = 10_000;

export const webhooks = (dir: string): Webhooks => {
  const files = deliveryFiles(dir);
  const underWay = new Set<Promise<void>>();
  let kept: Delivery[] = [];
  let holding = false;

  const send = async (world: World, delivery: Delivery): Promise<void> => {
    const app = world.apps.get(delivery.app);
    if (!app) return;
    const record = await files.read(delivery.id);
    const body = JSON.stringify(record.payload);
    const headers = signedHeaders(app, delivery, body);
    const started = performance.now();
    const outcome = await post(app.webhookUrl, headers, body);
    delivery.duration = Math.round(performance.now() - started) / 1000;
    delivery.status = outcome.status;
    delivery.statusCode = outcome.code;
    await files.write(delivery.id, { ...record, headers, answer: outcome.answer });
    world.log("delivered", { event: delivery.event, action: delivery.action, status: outcome.code });
    world.touch();
  };
  const start = (world: World, delivery: Delivery): void => {
    const work = send(world, delivery)
      .catch((error: unknown) =>
        world.log("a delivery failed", { guid: delivery.guid, error: String(error) }),
      )
      .finally(() => underWay.delete(work));
    underWay.add(work);
  };
  const enter = async (world: World, delivery: Delivery, payload: unknown): Promise<void> => {
    await files.write(delivery.id, { payload, headers: null, answer: null });
    world.state.deliveries.push(delivery);
    await files.forget(world.state.deliveries);
    world.touch();
    if (holding) kept.push(delivery);
    else start(world, delivery);
  };
  const tell: Webhooks["tell"] = async (world, app, event) => {
    if (app.webhookUrl === "") return;
    const payload = payloadOf(world, event);
    world.contract.webhook(event.event, event.action ?? null, payload);
    await enter(world, newDelivery(world, app, event), payload);
  };
  return {
    tell,
    emit: async (world, event) => {
      for (const installation of world.state.installations) {
        const app = world.apps.get(installation.app);
        const listens = app && (event.only === app.id || (!event.only && app.events.includes(event.event)));
        if (app && listens && (!event.repository || covers(installation, event.repository)))
          await tell(world, app, { ...event, installation });
      }
    },
    again: async (world, delivery) => {
      const { payload } = await files.read(delivery.id);
      const next = {
        ...delivery,
        id: world.nextId(),
        redelivery: true,
        deliveredAt: world.now(),
        status: "pending",
      };
      await enter(world, next, payload);
    },
    hold: () => void (holding = true),
    held: () => [...kept],
    release: async (world, chosen) => {
      const list = chosen ?? kept;
      kept = [];
      holding = false;
      for (const delivery of list) await send(world, delivery);
    },
    settled: async () => {
      while (underWay.size > 0) await Promise.all(underWay);
    },
  };
};

const newDelivery = (
  world: World,
  app: App,
  event: Event & { readonly installation?: Installation },
): Delivery => ({
  id: world.nextId(),
  guid: randomUUID(),
  app: app.id,
  event: event.event,
  action: event.action ?? null,
  installation: event.installation?.id ?? null,
  repository: event.repository?.id ?? null,
  redelivery: false,
  deliveredAt: world.now(),
  duration: 0,
  status: "pending",
  statusCode: 0,
});

const payloadOf = (world: World, event: Event & { readonly installation?: Installation }): unknown => {
  const { repository, installation, action } = event;
  const partial = {
    ...(action ? { action } : {}),
    ...event.body,
    ...(repository ? { repository: repositoryOf(world, event.event, repository) } : {}),
    ...(installation && !event.event.startsWith("installation")
      ? { installation: { id: installation.id, node_id: `I_${installation.id}` } }
      : {}),
    sender: userView(world, event.by),
  };
  const schema = world.openapi.payload(event.event, action ?? null);
  return schema ? world.fill(schema, partial) : partial;
};

/** A push alone tells the times of its repository in seconds. */
const repositoryOf = (world: World, event: string, repository: Repository): Json => {
  const view = repositoryView(world, repository);
  if (event !== "push") return view;
  const seconds = (time: string): number => Math.floor(Date.parse(time) / 1000);
  return {
    ...view,
    master_branch: repository.defaultBranch,
    created_at: seconds(repository.createdAt),
    pushed_at: seconds(repository.pushedAt),
  };
};

const signedHeaders = (app: App, delivery: Delivery, body: string): Record<string, string> => {
  const sign = (hash: string): string => createHmac(hash, app.webhookSecret).update(body).digest("hex");
  return {
    accept: "*/*",
    "content-type": "application/json",
    "user-agent": "GitHub-Hookshot/local",
    "x-github-delivery": delivery.guid,
    "x-github-event": delivery.event,
    "x-github-hook-id": String(app.id),
    "x-github-hook-installation-target-id": String(app.id),
    "x-github-hook-installation-target-type": "integration",
    "x-hub-signature": `sha1=${sign("sha1")}`,
    "x-hub-signature-256": `sha256=${sign("sha256")}`,
  };
};

const post = async (url: string, headers: Record<string, string>, body: string) => {
  try {
    const signal = AbortSignal.timeout(timeoutMs);
    const response = await fetch(url, { method: "POST", headers, body, signal, redirect: "manual" });
    const answer = { headers: Object.fromEntries(response.headers), payload: await response.text() };
    return { code: response.status, status: response.ok ? "OK" : "Invalid HTTP Response", answer };
  } catch (cause) {
    const late = (cause as Error).name === "TimeoutError";
    return { code: 0, status: late ? "timed out" : "failed to connect to host", answer: null };
  }
};
