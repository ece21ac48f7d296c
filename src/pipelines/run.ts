import { z } from "zod";
import { BootBudget } from "./boot/booted.ts";
import { Touches } from "./graph/touched.ts";
import { Manager } from "./kiwi/repository.ts";
import { Again, Followed, Leave, Left, rebuildStep } from "./laid.ts";
import { Layer } from "./layer.ts";
import { Repo } from "./repo.ts";
import { Stage } from "./stage.ts";
import { Tool } from "./toolchain.ts";
import { Tree } from "./tree.ts";

/** Architectures by their RPM names. */
export const Arch = z.enum(["x86_64", "aarch64", "s390x", "ppc64le"]);
export type Arch = z.infer<typeof Arch>;

/** `advisory`: built but unsupported. It never blocks, it always ends, it is backfilled. */
export const Tier = z.enum(["required", "advisory"]);
export type Tier = z.infer<typeof Tier>;

/** Where a build may happen: `trusted` only for commits reachable from a protected branch or tag. */
export const Zone = z.enum(["untrusted", "trusted"]);
export type Zone = z.infer<typeof Zone>;

/** What asked for the run. `sha` is the commit that was judged and is built. */
export const Trigger = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("pull"),
    number: z.int(),
    sha: z.string(),
    base: z.string(),
    branch: z.string(),
  }),
  z.strictObject({ kind: z.literal("push"), branch: z.string(), sha: z.string() }),
  /** All of a branch for a nightly channel, under a dated number. */
  z.strictObject({
    kind: z.literal("nightly"),
    channel: z.string(),
    branch: z.string(),
    sha: z.string(),
    number: z.string(),
  }),
  /** An accepted release of the channel `from`, built once more for `channel` under its own number. */
  z.strictObject({
    kind: z.literal("promotion"),
    channel: z.string(),
    from: z.string(),
    number: z.string(),
    branch: z.string(),
    sha: z.string(),
    /** The tag that asked for it, if one did. */
    tag: z.optional(z.string()),
    /** It mends a hole, and goes before all that does not. */
    security: z.optional(z.literal(true)),
    /** The tested packages themselves, and nothing is built again. */
    way: z.optional(z.literal("content")),
  }),
  /** What the release `of` of the same channel published, once more under a number of its own. */
  z.strictObject({
    kind: z.literal("rollback"),
    channel: z.string(),
    number: z.string(),
    of: z.string(),
    branch: z.string(),
    sha: z.string(),
  }),
  /** A merge queue's group: `sha` is what `branch` would become, made by GitHub on top of `base`. */
  z.strictObject({
    kind: z.literal("queue"),
    sha: z.string(),
    base: z.string(),
    branch: z.string(),
  }),
  /** What depends on what a push changed, built again for the channel of its branch. */
  z.strictObject({ kind: z.literal("rebuild"), ...rebuildStep }),
]);
export type Trigger = z.infer<typeof Trigger>;

/** `rpm`: a spec. `image`: a kiwi description. `tree`: an ostree treefile. */
export const RecipeKind = z.enum(["rpm", "image", "tree"]);
export type RecipeKind = z.infer<typeof RecipeKind>;

/** Something that can be built, found at `path` in the repository. */
export const Recipe = z.readonly(z.strictObject({ kind: RecipeKind, name: z.string(), path: z.string() }));
export type Recipe = z.infer<typeof Recipe>;

/** One recipe x target x arch, for images x profile x type: what one check run on GitHub speaks of. */
export const Job = z.readonly(
  z.strictObject({
    name: z.string(),
    recipe: Recipe,
    target: z.string(),
    arch: Arch,
    /** Of an image: which of its description's profiles (absent: none), and as what kind of image (`oci`, `iso`). */
    profile: z.optional(z.string()),
    type: z.optional(z.string()),
    /** Of an image whose description names one. */
    manager: z.optional(Manager),
    tree: z.optional(Tree),
    /** Of an image that is made of a tree: the name of that tree's recipe. */
    from: z.optional(z.string()),
    tier: Tier,
    source: z.string(),
    build: z.string(),
    /** The stage that boots what was built and what it allows, or that upgrades to a tree; absent: neither is done. */
    check: z.optional(z.string()),
    boot: z.optional(BootBudget),
    again: z.optional(Again),
    /** How long its build is expected to take, in seconds, by its history when it was planned. */
    expected: z.optional(z.int()),
    /** How long what depends on it takes at least that is built after it, in seconds; absent: nothing is known. */
    behind: z.optional(z.int()),
    /** Of what is advisory: when its build may begin, and by when it is over (ISO 8601 in UTC); absent: at once, and when it is. */
    notBefore: z.optional(z.string()),
    endsBy: z.optional(z.string()),
    /** Before or after the others of its class; absent: among them. */
    priority: z.optional(z.enum(["low", "high"])),
    /** How long its build may take; absent: as long as the deployment allows. */
    timeoutMinutes: z.optional(z.int()),
    /** `plain`: all that its build runs is emulated, also where the deployment has an accelerated root. */
    emulation: z.optional(z.literal("plain")),
    /** What its build root gets besides, ahead of what it has. */
    tools: z.optional(z.readonly(z.array(Tool))),
    /** Channels whose packages it may require, the uppermost first. */
    layers: z.optional(z.readonly(z.array(Layer))),
    /** The build root that it is bound to; absent: the one that the deployment has for its target by then. */
    image: z.optional(z.string()),
  }),
);
export type Job = z.infer<typeof Job>;

/** All that one trigger asks for at one commit. One S3 object, changed by `move-run` alone. */
export const Run = z.readonly(
  z.strictObject({
    v: z.literal(1),
    id: z.string(),
    repo: Repo,
    trigger: Trigger,
    zone: Zone,
    leave: Leave,
    left: z.readonly(z.array(Left)),
    /** What the aliases in its rules stood for: what is added to it later is for the same targets. */
    aliases: z.optional(z.readonly(z.array(Followed))),
    /** What depends on what it builds, where anything does that is known. */
    touches: z.optional(Touches),
    /** The channel it publishes to, if it does. */
    channel: z.optional(z.string()),
    /** When the record was born, ISO 8601 in UTC; also the time in release suffixes and signatures. */
    at: z.string(),
    jobs: z.readonly(z.array(Job)),
    stages: z.readonly(z.array(Stage)),
    /** Counts the changes, so that a report can say which state it told. */
    rev: z.int(),
    reported: z.int(),
    /** Given up as a whole: for the commit that took its place, or since nobody asks any more (`closed`, `left`). */
    superseded: z.optional(z.string()),
  }),
);
export type Run = z.infer<typeof Run>;

/** What a run *is*, as a key: the same trigger at the same commit is the same run. */
export function runId(repo: Pick<Repo, "id">, trigger: Trigger): string {
  switch (trigger.kind) {
    case "pull":
      return `${repo.id}/pull/${trigger.number}/${trigger.sha}`;
    case "push":
      return `${repo.id}/push/${slug(trigger.branch)}/${trigger.sha}`;
    case "nightly":
      return `${repo.id}/nightly/${slug(trigger.channel)}/${trigger.number}`;
    case "promotion":
      return `${repo.id}/promotion/${slug(trigger.channel)}/${trigger.number}`;
    case "rollback":
      return `${repo.id}/rollback/${slug(trigger.channel)}/${trigger.number}`;
    case "queue":
      return `${repo.id}/queue/${slug(trigger.branch)}/${trigger.sha}`;
    case "rebuild":
      return `${repo.id}/rebuild/${slug(trigger.branch)}/${trigger.sha}/${trigger.step}`;
    default:
      return trigger satisfies never;
  }
}

/** Foreign text as part of a key: what is not plainly safe becomes `~` and its code point in hex. */
export function slug(text: string): string {
  return Array.from(text, (char) =>
    SAFE.has(char) ? char : `~${(char.codePointAt(0) ?? 0).toString(16)}.`,
  ).join("");
}

const SAFE = new Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.+");

export const runKey = (id: string): string => `runs/${id}.json`;
export const openKey = (id: string): string => `open/${id}`;
