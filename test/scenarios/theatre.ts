import { generateKeyPairSync, randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type GitHub, startGitHub } from "../../src/local/github/github.ts";
import { type Faults, freePort, type Stack, startStack } from "../../src/local/stack.ts";
import { compiled } from "./compiled.ts";
import { type Changes, rehearsed } from "./rehearsal.ts";
import { type Playbill, playbill } from "./playbill.ts";
import { openState, type State } from "./state.ts";

export interface TheatreOptions extends Changes {
  readonly doors?: ((door: string) => string) | undefined;
  /** Where crashing doors ask before each effect. */
  readonly conductor?: string | undefined;
  readonly faults?: Faults | undefined;
  /** What the operator decides otherwise than usual. */
  readonly deployment?: Readonly<Record<string, unknown>> | undefined;
  /** Seconds between sweeps; 5 unless told. */
  readonly sweepSeconds?: number | undefined;
  /** What the app listens to besides pull requests and pushes. */
  readonly events?: readonly string[] | undefined;
  /** Who carries GitHub's deliveries to the door; GitHub itself unless told. */
  readonly postman?: { readonly url: string; carryTo(door: string): void } | undefined;
  /** How long a minute of a build's timeout lasts, in ms. */
  readonly minute?: number | undefined;
}

/** A GitHub and a Millwright whose builds alone are rehearsed: doors, queues, records and webhooks are the real ones. */
export interface Theatre {
  readonly dir: string;
  readonly github: GitHub;
  readonly stack: Stack;
  readonly state: State;
  /** The builds that CodeBuild really made. */
  readonly builds: Playbill;
  /** What nobody may find anywhere: the webhook's secret, the app's key. */
  readonly secrets: Readonly<Record<"PRIVATE_KEY" | "WEBHOOK_SECRET", string>>;
  readonly webhookUrl: string;
  /** Every line that anybody logged. */
  readonly said: readonly string[];
  close(): Promise<void>;
}

const APP = 4711;
const door = (name: string) => fileURLToPath(new URL(`../../src/handlers/${name}.ts`, import.meta.url));
const clock = () => new Date().toISOString();

export async function openTheatre(options: TheatreOptions = {}): Promise<Theatre> {
  const dir = await mkdtemp(join(tmpdir(), "millwright-theatre-"));
  if (options.conductor) await writeFile(join(dir, "conductor"), options.conductor);
  const { privateKey } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
    publicKeyEncoding: { type: "spki", format: "pem" },
  });
  const secrets = { PRIVATE_KEY: privateKey, WEBHOOK_SECRET: randomBytes(20).toString("hex") };
  const said: string[] = [];
  const log = (message: string, facts: object) => void said.push(`${message} ${JSON.stringify(facts)}`);
  const webhookPort = await freePort();
  const webhookUrl = `http://127.0.0.1:${webhookPort}/`;
  const { PRIVATE_KEY, WEBHOOK_SECRET: webhookSecret } = secrets;
  // "Re-run" reaches its app whether it listens or not; news of our own checks starts nothing and would only be noise.
  const events = ["pull_request", "push", ...(options.events ?? [])];
  options.postman?.carryTo(webhookUrl);
  const heardAt = options.postman?.url ?? webhookUrl;
  const app = {
    id: APP,
    slug: "millwright",
    privateKey: PRIVATE_KEY,
    webhookUrl: heardAt,
    webhookSecret,
    events,
  };
  const github = await startGitHub({
    dir: join(dir, "github"),
    port: 0,
    app,
    now: clock,
    log,
  });
  const builds = playbill();
  const { loses = () => false } = options.faults ?? {};
  const { template, tools } = await compiled();
  const stack = await startStack({
    dir: join(dir, "aws"),
    template: rehearsed(template, options),
    tools,
    doors: options.doors ?? door,
    secrets: { APP_ID: String(APP), ...secrets },
    deployment: { ...deploymentOf(github), ...options.deployment },
    roots: async () => ({ kind: "host" }),
    webhookPort,
    timeScale: (options.sweepSeconds ?? 5) / 60,
    faults: { ...options.faults, loses: (event) => builds.see(event) || loses(event) },
    minute: options.minute,
    clock,
    log,
  });
  const state = openState(stack);
  const close = async () => {
    await stack.close();
    await github.close();
    await rm(dir, { recursive: true, force: true });
    const { request, response, webhook } = github.violations();
    const broken = new Set([...request, ...response, ...webhook]);
    if (broken.size > 0) throw new Error(`GitHub's description was broken:\n${[...broken].join("\n")}`);
  };
  return { dir, github, stack, state, builds, secrets, webhookUrl, said, close };
}

const deploymentOf = (github: GitHub) => ({
  github: { api: github.apiUrl, web: github.url },
  targets: { "debian-12": { images: { x86_64: "rehearsed" }, arches: { x86_64: "required" } } },
  defaults: ["debian-12"],
  hosts: { "github.com": github.url },
  key: { name: "Millwright", email: "millwright@localhost.localdomain", created: "2026-01-01T00:00:00Z" },
  timeoutMinutes: { source: 10, build: 10, publish: 10 },
});
