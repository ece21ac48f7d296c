import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { rememberedRevision, SERVICEDATA_FILE, withRevision } from "../../pipelines/service/servicedata.ts";
import { visible } from "../progress.ts";
import type { Bench } from "./bench.ts";
import { fetchHistory } from "./revision.ts";
import type { Upstream } from "./upstream.ts";

/** What changed upstream since the commit that `_servicedata` remembers. */
export interface Change {
  readonly url: string;
  /** Absent: nothing was remembered that is still there. */
  readonly from?: string | undefined;
  readonly to: string;
  readonly version: string;
  /** First lines of the commits in between, oldest first; merges are left out. */
  readonly lines: readonly string[];
}

const LINES = 200;
const WHOLE = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

/** Tells what changed, where somebody wants to know, and remembers the new commit. */
export async function tellChanges(
  upstream: Upstream,
  { url, commit, version }: { readonly url: string; readonly commit: string; readonly version: string },
  bench: Bench,
): Promise<void> {
  if (!bench.onChange) return;
  const text = await readFile(join(bench.dir, SERVICEDATA_FILE), "utf8").catch(() => "");
  const from = rememberedRevision(text, url);
  if (from === commit) return;
  const lines = from !== undefined && WHOLE.test(from) ? await linesSince(upstream, from, commit) : undefined;
  bench.onChange({ url, from: lines && from, to: commit, version, lines: lines ?? [] });
  await bench.make(SERVICEDATA_FILE, (into) => writeFile(into, withRevision(text, url, commit)), {
    url,
    commit,
  });
}

async function linesSince(
  upstream: Upstream,
  from: string,
  to: string,
): Promise<readonly string[] | undefined> {
  const { git } = upstream;
  await fetchHistory(upstream, [to]);
  const { code } = await git({ args: ["merge-base", "--is-ancestor", from, to], answers: [0, 1, 128] });
  if (code !== 0) return undefined;
  const args = ["log", "--reverse", "--no-merges", "--no-show-signature", "--format=%s", `${from}..${to}`];
  const { out } = await git({ args });
  const lines = out.toString("utf8").split("\n").slice(0, -1);
  return lines.slice(-LINES).map((line) => visible(line).slice(0, 200));
}
