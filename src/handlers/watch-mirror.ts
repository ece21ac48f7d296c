import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { watchMirror } from "../flow/tend/watch-mirror.ts";
import { Watched } from "../pipelines/release/canary.ts";
import { Publisher } from "../pipelines/order/publisher.ts";
import { Run } from "../pipelines/run.ts";
import { s3Client } from "../platform/aws/clients.ts";
import { tools } from "../publish/tools.ts";
import { sentence } from "../verify/finding.ts";
import { Seen } from "../verify/seen.ts";
import { verify } from "../verify/verify.ts";
import { readEnv } from "./environment.ts";
import { clock, logOf } from "./lambda.ts";
import { blobsOf, recordsOf } from "./powers.ts";

// schedule -> the mirror as a stranger finds it, over HTTP. Reads no bucket but for what was published and seen; writes nothing there.
const env = readEnv(process.env, ["STATE_BUCKET"]);
const s3 = s3Client();
const state = blobsOf(s3, env.STATE_BUCKET);
const seen = recordsOf(s3, env.STATE_BUCKET, Seen);

const seenKey = (target: string): string => `canary/seen/${encodeURIComponent(target)}.json`;

const store = {
  get: async (target: string) => (await seen.read(seenKey(target)))?.value,
  async put(target: string, value: Seen) {
    const record = await seen.read(seenKey(target));
    if (record) await seen.replace(seenKey(target), value, record.version);
    else await seen.create(seenKey(target), value);
  },
  // Addresses are those of `.repo` files, which say where their target is.
  targets: async () => [],
};

async function look(address: string) {
  const dir = await mkdtemp(join(tmpdir(), "millwright-canary-"));
  try {
    const rpm = tools({ path: process.env["PATH"] ?? "", home: dir });
    const net = { fetch, pause, patience: 30_000 };
    const ports = { net, tools: rpm, dir, seen: store, now: () => Date.parse(clock()) };
    const { verdict, findings } = await verify(ports, { address, all: false });
    const amiss = findings.filter(({ kind }) => kind === "wrong" || kind === "unseen");
    return { verdict, findings: amiss.map(sentence) };
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

const step = watchMirror({
  state,
  publishers: recordsOf(s3, env.STATE_BUCKET, Publisher),
  runs: recordsOf(s3, env.STATE_BUCKET, Run),
  watched: recordsOf(s3, env.STATE_BUCKET, Watched),
  look,
  clock,
  log: logOf("watch-mirror"),
});

export const handler = async (): Promise<void> => step();
