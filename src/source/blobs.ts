import type { Git } from "./git.ts";
import { type Pause, retry } from "./retry.ts";

/** Fetches files by their object ids, all in one go. */
export async function fetchBlobs(git: Git, oids: readonly string[], pause: Pause): Promise<void> {
  if (oids.length === 0) return;
  const input = oids.map((oid) => `${oid}\n`).join("");
  await retry("The files cannot be fetched", pause, () => git({ args: FETCH, input }));
}

/** Bytes of these files together, and of each in their order. */
export async function sizesOf(
  git: Git,
  oids: readonly string[],
): Promise<{ readonly total: number; readonly each: readonly number[] }> {
  if (oids.length === 0) return { total: 0, each: [] };
  const input = oids.map((oid) => `${oid}\n`).join("");
  const { out } = await git({ args: ["cat-file", "--batch-check=%(objectsize)"], input });
  const each = out.toString("utf8").trim().split("\n").map(Number);
  return { each, total: each.reduce((sum, size) => sum + size, 0) };
}

/** Nothing is offered: a server that hears of commits here would think that their files are here, too. */
const FETCH = [
  "-c",
  "fetch.negotiationAlgorithm=noop",
  "fetch",
  "--quiet",
  "--no-tags",
  "--no-write-fetch-head",
  "--filter=blob:none",
  "--stdin",
  "origin",
];
