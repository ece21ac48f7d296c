import { z } from "zod";
import { Repo } from "../repo.ts";
import { Arch, Recipe, type Run, runId, slug } from "../run.ts";

/** What a release is made of, as far as it is known before anything is built: equal ones need no second release. */
export const Inputs = z.readonly(
  z.strictObject({
    sha: z.string(),
    jobs: z.readonly(
      z.array(
        z.strictObject({
          recipe: Recipe,
          target: z.string(),
          arch: Arch,
          image: z.optional(z.string()),
          /** `toolsKey` and `layersKey` of what its root gets besides. */
          tools: z.optional(z.string()),
        }),
      ),
    ),
  }),
);
export type Inputs = z.infer<typeof Inputs>;

const shape = {
  v: z.literal(1),
  channel: z.string(),
  /** The channel that it was promoted from; absent: it was made of a branch. */
  from: z.optional(z.string()),
  /** The release of this channel whose content it brings back. */
  of: z.optional(z.string()),
  /** Nothing comes of it here: the number is that of a rollback in this channel, and would come here by promotion. */
  keptFor: z.optional(z.string()),
  repo: Repo,
  /** What asked for it, such as `night 2026-11-21`: who asks again for the same gets the same number. */
  asked: z.string(),
  /** When it was taken, ISO 8601 in UTC. */
  at: z.string(),
  branch: z.string(),
  inputs: Inputs,
  /** The login of the committer who commanded it, and the tag that asked for it. */
  by: z.optional(z.string()),
  tag: z.optional(z.string()),
  security: z.optional(z.literal(true)),
  /** The tested packages themselves, and nothing is built again. */
  way: z.optional(z.literal("content")),
};

/** A dated number that was taken, and what for. Never changed: how it went is in its run's record. */
export const Release = z.readonly(z.strictObject({ number: z.string(), ...shape }));
export type Release = z.infer<typeof Release>;

/** What was let pass to a channel last. Changed by compare-and-swap alone. */
export const Turn = z.readonly(
  z.strictObject({
    /** Absent: the next one of the day, also in the channels `above`, which releases come from by promotion. */
    number: z.optional(z.string()),
    above: z.optional(z.readonly(z.array(z.string()))),
    /** The `rev` of its run, which ended without being published, and is to be tried again. */
    again: z.optional(z.int()),
    ...shape,
  }),
);
export type Turn = z.infer<typeof Turn>;

export const turnKey = (repo: number, channel: string): string => `turns/${repo}/${slug(channel)}.json`;

export const releasesPrefix = (repo: number, channel: string): string => `releases/${repo}/${slug(channel)}/`;
export const releaseKey = (repo: number, channel: string, number: string): string =>
  `${releasesPrefix(repo, channel)}${number}.json`;
export const numberIn = (key: string): string => key.slice(key.lastIndexOf("/") + 1, -".json".length);

/** `YYYYMMDD_NN`: the day in UTC, and the count of this channel's releases within it. Names sort as they came. */
export const numberOf = (at: string, count: number): string =>
  `${at.slice(0, 4)}${at.slice(5, 7)}${at.slice(8, 10)}_${String(count).padStart(2, "0")}`;

const DIGITS = "0123456789";

/** Has it the shape of a number? What people type and tag becomes a part of keys only if so. */
export const isNumber = (text: string): boolean =>
  text.length === "YYYYMMDD_NN".length &&
  Array.from(text).every((c, i) => (i === "YYYYMMDD".length ? c === "_" : DIGITS.includes(c)));

/** The run that builds a release. */
export function runIdOf({ repo, channel, from, of, number, branch, inputs: { sha } }: Release): string {
  const known = { channel, number, branch, sha };
  if (of !== undefined) return runId(repo, { kind: "rollback", of, ...known });
  return runId(
    repo,
    from === undefined ? { kind: "nightly", ...known } : { kind: "promotion", from, ...known },
  );
}

/** Did all that is required of a run come to its channel? */
export const isPublished = ({ stages }: Run): boolean =>
  stages.find(({ kind }) => kind === "publish")?.state === "passed";

/** So many in one day are a mistake somewhere. */
export const COUNT_MAX = 99;

export const isSameInputs = (a: Inputs, b: Inputs): boolean => textOf(a) === textOf(b);

const textOf = ({ sha, jobs }: Inputs): string =>
  JSON.stringify([
    sha,
    jobs
      .map(({ recipe, target, arch, image = "", tools = "" }) =>
        [recipe.path, target, arch, image, tools].join(" "),
      )
      .toSorted(),
  ]);
