import { join } from "node:path";
import { Address } from "../../pipelines/service/values.ts";
import { refused } from "../failure.ts";
import type { Git } from "../git.ts";
import { visible } from "../progress.ts";
import type { Bench } from "./bench.ts";
import { type Content, contentsOf, fetchContents, isSubmodule, treeOf, writeContents } from "./contents.ts";
import { leave, obtain } from "./obtain.ts";
import { openUpstream, type Upstream } from "./upstream.ts";

/** The submodules of a commit that are wanted, by their paths below `prefix`. */
export interface Within {
  readonly upstream: Upstream;
  readonly commit: string;
  readonly prefix: string;
  readonly modules: readonly Content[];
  /** Where `prefix` was written. */
  readonly into: string;
  /** How many repositories lie around this one. */
  readonly depth?: number;
}

const DEPTH = 4;
const MODULES = 64;

/** Writes the contents of submodules, and of theirs, each at the commit that is recorded for it. */
export async function writeSubmodules(within: Within, bench: Bench): Promise<void> {
  const { upstream, commit, prefix, modules, into, depth = 0 } = within;
  if (depth >= DEPTH) throw refused(`Submodules lie in one another more than ${DEPTH} times.`);
  if (modules.length > MODULES) throw refused(`There are ${modules.length} submodules; ${MODULES} may be.`);
  const urls = await urlsOf(upstream.git, commit);
  for (const { path, oid } of modules) {
    const whole = prefix === "" ? path : `${prefix}/${path}`;
    const url = addressOf(urls.get(whole), { base: upstream.url, path: whole });
    bench.say(`submodule ${visible(whole)} is ${url} at ${oid}`);
    const inner = await openUpstream(url, bench.scratch, bench.net);
    await obtain(inner, { commit: oid, tags: [], moves: false }, bench);
    const tree = await treeOf(inner.git, oid, "");
    const contents = await contentsOf(inner.git, tree);
    await fetchContents(inner, { tree, contents, most: bench.net.limits.bytes });
    await leave(inner, oid, bench.shelf);
    await writeContents(inner.git, contents, join(into, path));
    const further = { upstream: inner, commit: oid, prefix: "", modules: contents.filter(isSubmodule) };
    await writeSubmodules({ ...further, into: join(into, path), depth: depth + 1 }, bench);
  }
}

/** Path -> address, as `.gitmodules` says. */
async function urlsOf(git: Git, commit: string): Promise<ReadonlyMap<string, string>> {
  const args = [
    "config",
    "-z",
    `--blob=${commit}:.gitmodules`,
    "--get-regexp",
    "^submodule\\..*\\.(path|url)$",
  ];
  const { code, out } = await git({ args, answers: [0, 1, 128] });
  const lines = code === 0 ? out.toString("utf8").split("\0").slice(0, -1) : [];
  const pairs = lines.map(
    (line) => [line.slice(0, line.indexOf("\n")), line.slice(line.indexOf("\n") + 1)] as const,
  );
  const values = new Map(pairs);
  return new Map(
    pairs
      .filter(([key]) => key.endsWith(".path"))
      .map(([key, path]) => [path, values.get(key.replace(/path$/, "url")) ?? ""]),
  );
}

/** The address of a submodule; `../other.git` is beside the repository that it is in. */
function addressOf(url: string | undefined, { base, path }: { base: string; path: string }): string {
  const isRelative = url?.startsWith("./") || url?.startsWith("../");
  const whole = url !== undefined && isRelative ? new URL(url, `${base}/`).href : url;
  const parsed = Address.safeParse(whole);
  if (parsed.success) return parsed.data;
  const at = whole === undefined ? "has no address" : `is at ${visible(whole).slice(0, 200)}`;
  throw refused(
    `The submodule ${visible(path)} ${at}; only https:// is fetched, and submodules can be disabled.`,
  );
}
