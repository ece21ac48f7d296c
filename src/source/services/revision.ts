import { nearest } from "../../pipelines/nearest.ts";
import { isFailure, isRefusal, refused } from "../failure.ts";
import { visible } from "../progress.ts";
import { retry } from "../retry.ts";
import type { Upstream } from "./upstream.ts";

/** A commit that was asked for. */
export interface Revision {
  readonly commit: string;
  /** Full names of the tags that are this commit. */
  readonly tags: readonly string[];
  /** It is where a branch stands today, and not where it will stand tomorrow. */
  readonly moves: boolean;
}

const ALL = ["+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*"];

/** Finds a commit by what `revision` says: a branch, a tag, a commit, or a full ref; without it, HEAD. */
export async function findRevision(upstream: Upstream, revision = "HEAD"): Promise<Revision> {
  const refs = await refsOf(upstream);
  const isMade = revision === "@PARENT_TAG@";
  const names = isMade
    ? ["HEAD"]
    : ["heads/", "tags/", "", "remotes/"].map((kind) => `refs/${kind}${revision}`);
  const name = [...names, revision].find((one) => refs.has(one));
  const found = name === undefined ? await byCommit(upstream, revision, refs) : (refs.get(name) ?? "");
  const commit = isMade ? await lastTagged(upstream, found) : found;
  const tags = [...refs]
    .filter(([ref, oid]) => oid === commit && ref.startsWith("refs/tags/"))
    .map(([ref]) => ref);
  return { commit, tags, moves: isMade || name === "HEAD" || name?.startsWith("refs/heads/") === true };
}

/** Every ref with the commit that it leads to: an annotated tag is a commit, too. */
async function refsOf({ git, net }: Upstream): Promise<ReadonlyMap<string, string>> {
  const listed = await retry("The refs cannot be fetched", net.pause, () =>
    git({ args: ["ls-remote", "--quiet", "origin"] }),
  );
  const pairs = listed.out
    .toString("utf8")
    .split("\n")
    .map((line) => line.split("\t"));
  // The peeled one comes after the tag itself.
  return new Map(pairs.map(([oid = "", name = ""]) => [name.replace(/\^\{\}$/, ""), oid]));
}

const WHOLE = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;
const SHORT = /^[0-9a-f]{7,63}$/;

async function byCommit(
  upstream: Upstream,
  revision: string,
  refs: ReadonlyMap<string, string>,
): Promise<string> {
  if (WHOLE.test(revision)) return revision;
  if (SHORT.test(revision)) {
    await fetchHistory(upstream, ALL);
    const args = ["rev-parse", "--quiet", "--verify", "--end-of-options", `${revision}^{commit}`];
    const { code, out } = await upstream.git({ args, answers: [0, 1, 128] });
    if (code === 0) return out.toString("utf8").trim();
  }
  const names = [...refs.keys()].map((ref) => ref.replace(/^refs\/(?:heads|tags)\//, ""));
  const meant = nearest(revision, names);
  const hint = meant === undefined ? "" : ` ${visible(meant)} is probably meant.`;
  throw refused(`${upstream.url} has no branch, tag or commit ${visible(revision)}.${hint}`);
}

/** Fetches commits with all that came before them, and all tags. Contents come when they are needed. */
export const fetchHistory = (upstream: Upstream, wanted: readonly string[]): Promise<void> =>
  fetchCommits(upstream, [DEEP, "origin", ...wanted, "+refs/tags/*:refs/tags/*"]);

/** As deep as can be, also where a shallow part is here already. */
const DEEP = "--depth=2147483647";

/** Fetches a commit alone, with the tags that it bears. */
export async function fetchAlone(upstream: Upstream, { commit, tags }: Revision): Promise<void> {
  const named = tags.filter((tag) => PLAIN.test(tag)).map((tag) => `+${tag}:${tag}`);
  try {
    await fetchCommits(upstream, ["--depth=1", "origin", commit, ...named]);
  } catch (error) {
    // Some servers give a commit only with the branch that leads to it.
    if (!isRefusal(error)) throw error;
    await fetchHistory(upstream, ALL);
    const { code } = await upstream.git({
      args: ["cat-file", "-e", `${commit}^{commit}`],
      answers: [0, 1, 128],
    });
    if (code !== 0) throw error;
  }
}

const PLAIN = /^refs\/tags\/[A-Za-z0-9_./+-]+$/;

async function fetchCommits({ git, net, url }: Upstream, where: readonly string[]): Promise<void> {
  const args = ["fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--filter=blob:none", ...where];
  await retry(`${url} cannot be fetched`, net.pause, () =>
    git({ args }).catch((error: unknown) => {
      throw isGone(error) ? refused(`${url} has no such commit.`, error) : error;
    }),
  );
}

const isGone = (error: unknown): boolean =>
  isFailure(error) && /not our ref|unadvertised object|couldn't find remote ref/i.test(error.message);

/** The nearest tag at or before a commit, if there is one. `match`: a pattern for it. */
export async function lastTag(
  { git }: Upstream,
  commit: string,
  match?: string,
): Promise<string | undefined> {
  const filter = match === undefined ? [] : [`--match=${match}`];
  const args = ["describe", "--tags", "--abbrev=0", ...filter, commit];
  const { code, out } = await git({ args, answers: [0, 128] });
  return code === 0 ? out.toString("utf8").trim() : undefined;
}

/** How many commits there are since a tag. */
export async function commitsSince({ git }: Upstream, tag: string, commit: string): Promise<string> {
  const { out } = await git({
    args: ["rev-list", "--count", "--end-of-options", `refs/tags/${tag}..${commit}`],
  });
  return out.toString("utf8").trim();
}

async function lastTagged(upstream: Upstream, head: string): Promise<string> {
  await fetchHistory(upstream, [head]);
  const tag = await lastTag(upstream, head);
  if (tag === undefined) throw refused(`${upstream.url} has no tag that leads to its newest commit.`);
  const { out } = await upstream.git({ args: ["rev-parse", "--verify", `refs/tags/${tag}^{commit}`] });
  return out.toString("utf8").trim();
}
