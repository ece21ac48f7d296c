import { randomBytes } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import type { Clock, Log } from "../ports.ts";
import { startCodeBuild } from "./codebuild/server.ts";
import type { Root } from "./codebuild/root.ts";
import { type Host, startHost } from "./host/start-host.ts";
import { startSqs } from "./host/sqs-server.ts";
import { startKms } from "./kms/server.ts";
import { startS3 } from "./s3/server.ts";

export interface StackOptions {
  /** Where all state is kept; a later start with the same directory goes on from there. */
  readonly dir: string;
  /** The compiled template, and the directory of the stages' tools that was made with it. */
  readonly template: unknown;
  readonly tools: string;
  /** The file of a door's source, by the door's name. */
  readonly doors: (door: string) => string;
  /** APP_ID, PRIVATE_KEY, WEBHOOK_SECRET. */
  readonly secrets: Readonly<Record<string, string>>;
  /** What the operator decides, as the doors read it from DEPLOYMENT. */
  readonly deployment: unknown;
  /** The build root that an image name stands for; others get the host's tools. */
  readonly roots: (image: string) => Promise<Root | undefined>;
  /** Where webhooks arrive. */
  readonly webhookPort: number;
  /** Fixed ports keep the addresses of an earlier start; absent: free ones. */
  readonly ports?: Readonly<Record<"s3" | "sqs" | "codebuild" | "kms", number>> | undefined;
  readonly timeScale?: number | undefined;
  readonly visibilityScale?: number | undefined;
  readonly faults?: Faults | undefined;
  readonly clock: Clock;
  readonly log: Log;
}

/** Trouble that tests plant in the embedded services. */
export interface Faults {
  readonly codebuild?: Parameters<typeof startCodeBuild>[0]["faults"];
  readonly s3?: Parameters<typeof startS3>[0]["faults"];
  /** EventBridge may lose an event: `true` loses it. */
  readonly loses?: (event: unknown) => boolean;
}

export interface Stack {
  readonly host: Host;
  readonly webhookUrl: string;
  readonly endpoints: Readonly<Record<"s3" | "sqs" | "codebuild" | "kms" | "logs", string>>;
  /** Public address of the mirror and of the logs. */
  readonly mirrorUrl: string;
  readonly logsUrl: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  close(): Promise<void>;
}

const FREE = { s3: 0, sqs: 0, codebuild: 0, kms: 0 };
const GIB = 1024 ** 3;

/** AWS as far as Millwright needs it, and Millwright on it, in one directory on one machine. */
export async function startStack(options: StackOptions): Promise<Stack> {
  const { dir, log, ports = FREE } = options;
  for (const name of ["s3", "sqs", "codebuild", "kms", "doors"])
    await mkdir(join(dir, name), { recursive: true });
  const keys = { deployer: secret(), doors: secret(), publisher: secret() };
  const s3 = await startS3({
    dir: join(dir, "s3"),
    port: ports.s3,
    credentials: keys,
    faults: options.faults?.s3,
    log,
  });
  const sqs = await startSqs({ dir: join(dir, "sqs"), port: ports.sqs });
  const kms = await startKms({
    dir: join(dir, "kms"),
    port: ports.kms,
    credentials: keys,
    // As the key's policy says on AWS: who publishes signs, and nobody else.
    allow: (who, action) => action !== "kms:Sign" || who === "publisher",
    log,
  });
  const publisher = {
    AWS_ACCESS_KEY_ID: "publisher",
    AWS_SECRET_ACCESS_KEY: keys.publisher,
    AWS_ENDPOINT_URL_S3: s3.url,
    AWS_ENDPOINT_URL_KMS: kms.url,
  };
  let host: Host | undefined;
  const codebuild = await startCodeBuild({
    dir: join(dir, "codebuild"),
    port: ports.codebuild,
    credentials: keys,
    roots: async (image) => (await options.roots(image)) ?? { kind: "host" },
    environmentFor: ({ name }) => (name.endsWith("-publish") ? publisher : {}),
    s3: { port: s3.port },
    onEvent: async (event) => {
      if (!options.faults?.loses?.(event)) await host?.deliverEvent(event);
    },
    limits: { memoryBytes: 8 * GIB, pids: 4096, cpuPercent: 400 },
    faults: options.faults?.codebuild,
    log,
  });
  const endpoints = { s3: s3.url, sqs: sqs.url, codebuild: codebuild.url, kms: kms.url, logs: codebuild.url };
  const credentials = (who: string) => {
    const id = who === "deployer" ? "deployer" : "doors";
    return { accessKeyId: id, secretAccessKey: keys[id] };
  };
  host = await startHost({
    template: options.template,
    tools: options.tools,
    environment: { DEPLOYMENT: JSON.stringify(options.deployment) },
    endpoints,
    dir: join(dir, "doors"),
    doors: options.doors,
    credentials,
    publicPort: options.webhookPort,
    secrets: options.secrets,
    timeScale: options.timeScale,
    visibilityScale: options.visibilityScale,
    log,
  });
  const running = host;
  const bucketUrl = (bucket: string) => `${s3.url}/${String(running.resolve({ Ref: bucket }))}`;
  return {
    host: running,
    webhookUrl: running.webhookUrl ?? "",
    endpoints,
    mirrorUrl: bucketUrl("MirrorBucket"),
    logsUrl: bucketUrl("LogsBucket"),
    credentials: credentials("deployer"),
    async close() {
      await codebuild.close();
      await running.close();
      for (const server of [kms, sqs, s3]) await server.close();
    },
  };
}

const secret = (): string => randomBytes(20).toString("hex");

/** A port that nobody listens on: GitHub must know where webhooks go before the host is there. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address !== "object" || address === null) throw new Error("no port is free");
  return address.port;
}
