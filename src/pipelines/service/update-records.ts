import { z } from "zod";
import { slug } from "../run.ts";

/** What was proposed of a recipe last, or why it could not be. */
export const Update = z.readonly(
  z.strictObject({
    v: z.literal(1),
    version: z.string(),
    /** When this version was first taken up, ISO 8601: the date of its changelog. */
    at: z.string(),
    /** The commit that proposes it. */
    sha: z.optional(z.string()),
    pull: z.optional(z.int()),
    /** Why nothing was proposed, and when that was found, ISO 8601. */
    refused: z.optional(z.strictObject({ at: z.string(), because: z.string() })),
  }),
);
export type Update = z.infer<typeof Update>;

/** When a recipe's upstream was asked last, and what it said. */
export const Watch = z.readonly(
  z.strictObject({
    v: z.literal(1),
    /** ISO 8601. */
    at: z.string(),
    /** Where it was asked and which tags counted, as text: an answer to something else is none. */
    asked: z.optional(z.string()),
    /** What the upstream calls its answer. */
    etag: z.optional(z.string()),
    newest: z.optional(z.strictObject({ version: z.string(), tag: z.string() })),
    /** Why it could not be asked. */
    failed: z.optional(z.string()),
  }),
);
export type Watch = z.infer<typeof Watch>;

export const updateKey = (repo: number, recipe: string): string => `updates/${repo}/${slug(recipe)}.json`;

export const watchKey = (repo: number, recipe: string): string => `upstreams/${repo}/${slug(recipe)}.json`;

/** Where it stands that a commit is one of ours. */
export const ownCommitKey = (repo: number, sha: string): string => `own-commits/${repo}/${sha}`;

/** Where it stands that a pull request is one of ours: who may write to the repository may push to its branch. */
export const ownPullKey = (repo: number, pull: number): string => `own-commits/${repo}/pull-${pull}`;

/** What is to be done for a commit of ours by services, and what its pull request says. */
export const OwnWork = z.readonly(
  z.strictObject({
    v: z.literal(1),
    /** By name. */
    recipe: z.string(),
    /** The commit that it was made on. */
    before: z.string(),
    was: z.string(),
    version: z.string(),
    upstream: z.optional(z.string()),
    /** Paths in which digests were renewed. */
    renewed: z.readonly(z.array(z.string())),
    /** Sentences: what is left to do where the services fail, and what is left in any case. */
    left: z.readonly(z.array(z.string())),
    undone: z.readonly(z.array(z.string())),
  }),
);
export type OwnWork = z.infer<typeof OwnWork>;

export const ownWorkKey = (repo: number, sha: string): string => `own-commits/${repo}/${sha}.work`;

/** The branch that a recipe's updates are proposed from. */
export const updateBranch = (recipe: string): string => `millwright/update/${refName(recipe)}`;

/** What git allows in a branch's name; two recipes have two. */
const refName = (name: string): string =>
  Array.from(name, (char, at) => {
    const rest = name.slice(at + 1);
    const isPlain = char === "." ? rest !== "" && !rest.startsWith(".") && rest !== "lock" : SAFE.has(char);
    return isPlain ? char : `=${(char.codePointAt(0) ?? 0).toString(16)}=`;
  }).join("");

const SAFE = new Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_+");
