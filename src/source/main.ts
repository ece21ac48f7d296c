import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { publicLookup } from "./addresses.ts";
import { isFailure, wordsOf } from "./failure.ts";
import { fetchSource } from "./fetch-source.ts";
import { fetchTree } from "./fetch-tree.ts";
import { fetchUpdate } from "./fetch-update.ts";
import { fetchManifest } from "./manifest.ts";
import { careful, formsOf, type Say } from "./progress.ts";
import { retry } from "./retry.ts";

const LIMITS = { bytes: 2 * 1024 ** 3, idleMilliseconds: 60_000, totalMilliseconds: 15 * 60_000 };

const print: Say = (line) => void process.stdout.write(`${line}\n`);

/** Runs the stage that the environment names. Returns the exit code: 0, 2 (the repository) or 75 (the world). */
async function main(env: NodeJS.ProcessEnv): Promise<number> {
  const { MILLWRIGHT_MANIFEST: address = "", MILLWRIGHT_JOB: job = "" } = env;
  const { MILLWRIGHT_TOOL_SHA256: tool } = env;
  let say = careful(print, [address]);
  const dir = await mkdtemp(join(tmpdir(), "millwright-source-"));
  try {
    const manifest = await retry("The manifest cannot be fetched", pause, () => fetchManifest(address, job));
    say = careful(print, [address, ...formsOf(manifest.repo.token)]);
    const fetch = manifest.update ? fetchUpdate : manifest.recipe.kind === "tree" ? fetchTree : fetchSource;
    await fetch(manifest, { dir, say, pause, lookup: publicLookup(), limits: LIMITS, tool });
    return 0;
  } catch (error) {
    return ending(error, say);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

function ending(error: unknown, say: Say): number {
  if (!isFailure(error) || error.exit === 75) {
    say(`millwright: infrastructure: ${isFailure(error) ? error.message : wordsOf(error)}`);
    return 75;
  }
  say(`millwright: ${error.kind}: ${error.message}`);
  return 2;
}

process.exitCode = await main(process.env);
