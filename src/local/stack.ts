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
  /** How long a minute of a build's timeout lasts, in ms. */
  readonly minute?: number | undefined;
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
  const keys = { deployer: secret(), doors: secret(), publisher: secret(), "pull-publisher": secret() };
  // CodeBuild tells at its start of builds that ended with the last one: that waits until somebody listens.
  const host = Promise.withResolvers<Host>();
  const cloud = await startCloud(options, keys, async (event) => {
    if (!options.faults?.loses?.(event)) await (await host.promise).deliverEvent(event);
  });
  const { endpoints } = cloud;
  const credentials = (who: string) => {
    const id = who === "deployer" ? "deployer" : "doors";
    return { accessKeyId: id, secretAccessKey: keys[id] };
  };
  const { template, tools, doors, secrets, timeScale, visibilityScale, log } = options;
  const running = await startHost({
    template,
    tools,
    environment: { DEPLOYMENT: JSON.stringify(options.deployment) },
    endpoints,
    dir: join(options.dir, "doors"),
    doors,
    credentials,
    publicPort: options.webhookPort,
    secrets,
    timeScale,
    visibilityScale,
    log,
  });
  for (const [who, keys] of Object.entries(SIGNERS))
    cloud.signers.set(
      who,
      keys.map((key) => String(running.resolve({ "Fn::GetAtt": [key, "Arn"] }))),
    );
  host.resolve(running);
  const bucketUrl = (bucket: string) => `${endpoints.s3}/${String(running.resolve({ Ref: bucket }))}`;
  return {
    host: running,
    webhookUrl: running.webhookUrl ?? "",
    endpoints,
    mirrorUrl: bucketUrl("MirrorBucket"),
    logsUrl: bucketUrl("LogsBucket"),
    credentials: credentials("deployer"),
    async close() {
      await running.close();
      await cloud.close();
    },
  };
}

type Keys = Readonly<Record<"deployer" | "doors" | "publisher" | "pull-publisher", string>>;

/** Who signs with which keys, by their names in the template. */
const SIGNERS = {
  publisher: ["SigningKey", "AttestationKey"],
  "pull-publisher": ["PullSigningKey"],
} as const;

/** The embedded services; what happens to builds is told to `onEvent`, as to EventBridge. */
async function startCloud(options: StackOptions, keys: Keys, onEvent: (event: unknown) => Promise<void>) {
  const { dir, log, ports = FREE, faults } = options;
  for (const name of ["s3", "sqs", "codebuild", "kms", "doors"]) {
    await mkdir(join(dir, name), { recursive: true });
  }
  const at = (name: keyof typeof FREE) => ({
    dir: join(dir, name),
    port: ports[name],
    credentials: keys,
    log,
  });
  const s3 = await startS3({ ...at("s3"), faults: faults?.s3 });
  const sqs = await startSqs({ dir: join(dir, "sqs"), port: ports.sqs });
  // As the keys' policies say on AWS: each publisher signs with its own keys, and nobody else signs. Which keys these are
  // is known when the host has made them.
  const signers = new Map<string, readonly string[]>();
  const allow = (who: string, action: string, key: string) =>
    action !== "kms:Sign" || (signers.get(who) ?? []).includes(key);
  const kms = await startKms({ ...at("kms"), allow });
  const publishing = (who: keyof typeof SIGNERS) => ({
    AWS_ACCESS_KEY_ID: who,
    AWS_SECRET_ACCESS_KEY: keys[who],
    AWS_ENDPOINT_URL_S3: s3.url,
    AWS_ENDPOINT_URL_KMS: kms.url,
  });
  const environmentFor = ({ name }: { readonly name: string }) => {
    if (name.endsWith("-publish-pull")) return publishing("pull-publisher");
    return name.endsWith("-publish") ? publishing("publisher") : {};
  };
  const codebuild = await startCodeBuild({
    ...at("codebuild"),
    roots: async (image) => (await options.roots(image)) ?? { kind: "host" },
    environmentFor,
    s3: { port: s3.port },
    onEvent,
    limits: { memoryBytes: 8 * GIB, pids: 4096, cpuPercent: 400 },
    faults: faults?.codebuild,
    minute: options.minute,
  });
  return {
    signers,
    endpoints: { s3: s3.url, sqs: sqs.url, codebuild: codebuild.url, kms: kms.url, logs: codebuild.url },
    async close() {
      for (const server of [codebuild, kms, sqs, s3]) await server.close();
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
