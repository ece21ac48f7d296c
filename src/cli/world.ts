import { generateKeyPairSync, randomBytes } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { type Compiled, compileTemplate } from "../local/compile.ts";
import type { RootArch } from "../local/distribution/build-root.ts";
import { type GitHub, startGitHub } from "../local/github/github.ts";
import { localRoots, type Roots } from "../local/roots.ts";
import { startSmtpCatcher } from "../local/smtp-catcher.ts";
import { type Faults, freePort, type Stack, startStack } from "../local/stack.ts";
import type { Clock, Log } from "../ports.ts";
import { deploymentHere, POSTMASTER } from "./deployment-here.ts";

export const HOUSE = join(import.meta.dirname, "../..");

export interface WorldOptions {
  /** Where all state is kept. */
  readonly dir: string;
  /** Where build roots are kept, for this start and later ones. */
  readonly cache: string;
  /** Arches and tiers of the target. */
  readonly arches: Readonly<Partial<Record<RootArch, "required" | "advisory">>>;
  /** Debian packages in the build roots besides the usual ones. */
  readonly packages?: readonly string[];
  /** Check every request, answer and webhook against GitHub's description. */
  readonly contract?: boolean;
  /** Make images on loop devices, as root of this machine. */
  readonly disks?: boolean;
  readonly compiled?: Compiled;
  readonly roots?: Roots;
  readonly doors?: (door: string) => string;
  readonly timeScale?: number;
  readonly visibilityScale?: number;
  readonly faults?: Faults;
  readonly log: Log;
}

/** A GitHub and a Millwright on this machine that know each other. */
export interface World {
  readonly github: GitHub;
  readonly stack: Stack;
  readonly roots: Roots;
  /** The maildir where all mails end. */
  readonly mails: string;
  close(): Promise<void>;
}

const APP = 4711;
const clock: Clock = () => new Date().toISOString();

export async function openWorld(options: WorldOptions): Promise<World> {
  const { dir, log, arches } = options;
  await mkdir(dir, { recursive: true });
  const webhookPort = await freePort();
  const app = newApp(webhookPort);
  const github = await startGitHub({
    dir: join(dir, "github"),
    port: 0,
    app,
    now: clock,
    log,
    contract: options.contract ?? false,
  });
  const names = Object.keys(arches) as RootArch[];
  const roots =
    options.roots ??
    localRoots({ cache: options.cache, arches: names, packages: options.packages ?? [], log });
  const { template, tools } = options.compiled ?? (await compileTemplate(HOUSE, join(dir, "template")));
  const mails = join(dir, "mails");
  const catcher = await startSmtpCatcher({ dir: mails, port: 0, log });
  const mail = { from: POSTMASTER, smtp: catcher.url };
  const stack = await startStack({
    dir: join(dir, "aws"),
    template,
    tools,
    doors: options.doors ?? ((door) => join(HOUSE, `src/handlers/${door}.ts`)),
    secrets: { APP_ID: String(APP), PRIVATE_KEY: app.privateKey, WEBHOOK_SECRET: app.webhookSecret },
    deployment: deploymentHere({ api: github.apiUrl, web: github.url, mail, disks: options.disks }, arches),
    roots: roots.resolve,
    webhookPort,
    timeScale: options.timeScale,
    visibilityScale: options.visibilityScale,
    faults: options.faults,
    clock,
    log,
  });
  return {
    github,
    stack,
    roots,
    mails,
    async close() {
      await stack.close();
      await catcher.close();
      await github.close();
    },
  };
}

/** The app as the GitHub of this world knows it. */
function newApp(webhookPort: number) {
  const privateKey = newKey();
  const webhookSecret = randomBytes(20).toString("hex");
  const webhookUrl = `http://127.0.0.1:${webhookPort}/`;
  return { id: APP, slug: "millwright", privateKey, webhookUrl, webhookSecret };
}

const newKey = (): string =>
  generateKeyPairSync("rsa", {
    modulusLength: 2048,
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
    publicKeyEncoding: { type: "spki", format: "pem" },
  }).privateKey;
