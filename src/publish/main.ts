import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { S3Client } from "@aws-sdk/client-s3";
import { RELEASE_FILE } from "../pipelines/release/release-document.ts";
import { fetchBytes } from "./download.ts";
import { elsewhere } from "./elsewhere.ts";
import { factsOf } from "./facts.ts";
import { imageStore } from "./image-store.ts";
import { openKeys } from "./open-keys.ts";
import { Manifest } from "./manifest.ts";
import { putPool } from "./ostree/put-pool.ts";
import { publish } from "./publish.ts";
import type { Outcome } from "./publish.ts";
import { s3Mirror } from "./s3-mirror.ts";
import { tools } from "./tools.ts";
import { upload } from "./upload.ts";

const REFUSED = 3;
/** EX_TEMPFAIL of sysexits.h: the same may go well another time. */
const TRY_AGAIN = 75;

/** Publishes as the manifest at this address says. Returns the exit code: 0, 3 (the gate) or 75 (the world). */
async function main(env: NodeJS.ProcessEnv): Promise<number> {
  const { MILLWRIGHT_MANIFEST: address = "", MILLWRIGHT_JOB: job = "", PATH = "" } = env;
  const dir = await mkdtemp(join(tmpdir(), "publish-"));
  try {
    const manifest = Manifest.parse(JSON.parse(Buffer.from(await fetchBytes(address)).toString()));
    if (manifest.job !== job) throw new Error(`The manifest is for ${manifest.job}, this build is ${job}.`);
    return await conclude(manifest, await carryOut(manifest, dir, PATH));
  } catch (error) {
    process.stderr.write(`millwright: infrastructure: ${wordsOf(error)}\n`);
    return TRY_AGAIN;
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function carryOut(manifest: Manifest, dir: string, path: string): Promise<Outcome> {
  const home = join(dir, "home");
  await mkdir(home);
  const s3 = new S3Client({});
  await using shelf = manifest.trees ? await putPool(s3, manifest.mirror) : undefined;
  return await publish({
    manifest,
    mirror: s3Mirror(s3, manifest.mirror),
    shelf,
    images: imageStore(s3, manifest.mirror),
    elsewhere: (from) => elsewhere(s3, { ...manifest.mirror, from }),
    ...(await openKeys(manifest)),
    tools: tools({ path, home }),
    dir,
  });
}

async function conclude(manifest: Manifest, outcome: Outcome): Promise<number> {
  if (outcome.kind === "refused") {
    process.stderr.write(`millwright: refused: ${outcome.sentences.join(" ")}\n`);
    return REFUSED;
  }
  const published = JSON.stringify(outcome.published, undefined, 1);
  process.stdout.write(`${published}\n`);
  await upload(
    manifest.upload,
    new Map([
      ["published.json", Buffer.from(`${published}\n`)],
      ["facts.json", Buffer.from(JSON.stringify(factsOf(outcome.published)))],
      ...(outcome.release ? [[RELEASE_FILE, Buffer.from(JSON.stringify(outcome.release))] as const] : []),
    ]),
  );
  return 0;
}

function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const words = error.message.replaceAll(/\s+/g, " ");
  return error.cause === undefined ? words : `${words} (${wordsOf(error.cause)})`;
}

process.exitCode = await main(process.env);
