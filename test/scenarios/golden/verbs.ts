import { z } from "zod";
import { BuildRule } from "./build-rule.ts";

const Who = z.string();
/** A name that the script gives to a commit or a comment. */
const Name = z.string();
const Files = z.record(z.string(), z.string().nullable());
const Check = z.strictObject({ by: Who.default("owner"), check: z.string().default("millwright"), at: Name });
const OfPull = z.strictObject({ by: Who.default("owner"), pull: z.int().default(1), as: Name.optional() });

/** A delivery that GitHub made, found by its event and action: the newest. */
const Delivery = z.strictObject({ event: z.string(), action: z.string().optional() });

const commits = {
  /** A commit on a branch of the repository, or of somebody's fork of it. */
  push: z.strictObject({
    by: Who.default("owner"),
    in: Who.optional(),
    branch: z.string().default("topic"),
    files: Files,
    as: Name,
  }),
  /** Makes a branch what it was at a commit. */
  force: z.strictObject({ branch: z.string().default("topic"), to: Name }),
  fork: z.strictObject({ by: Who }),
  "delete fork": z.strictObject({ of: Who }),
};

const pulls = {
  /** `from`: whose fork the branch is in. */
  open: z.strictObject({
    by: Who.default("owner"),
    from: Who.optional(),
    branch: z.string().default("topic"),
    base: z.string().default("main"),
    title: z.string().default("A change"),
    body: z.string().optional(),
    draft: z.boolean().default(false),
  }),
  merge: OfPull,
  close: OfPull,
  reopen: OfPull,
  ready: OfPull,
  enqueue: OfPull,
  dequeue: OfPull,
  change: z.strictObject({
    pull: z.int().default(1),
    title: z.string().optional(),
    base: z.string().optional(),
  }),
  comment: z.strictObject({
    by: Who.default("owner"),
    pull: z.int().default(1),
    says: z.string(),
    as: Name.default("comment"),
  }),
  edit: z.strictObject({ by: Who.default("owner"), comment: Name.default("comment"), says: z.string() }),
  erase: z.strictObject({ by: Who.default("owner"), comment: Name.default("comment") }),
};

const checks = {
  press: Check.extend({ button: z.string() }),
  "re-run": Check,
  "re-run all": Check.omit({ check: true }),
};

const accounts = {
  "rename person": z.strictObject({ who: Who, to: z.string() }),
  "rename repository": z.strictObject({ to: z.string() }),
  transfer: z.strictObject({ to: Who }),
  rights: z.strictObject({ who: Who, level: z.enum(["none", "read", "write", "admin"]) }),
  queue: z.strictObject({ branch: z.string().default("main") }),
  uninstall: z.strictObject({}),
};

const post = {
  /** Keeps deliveries of this repository back from now on. */
  hold: z.strictObject({}),
  /** Hands over what was kept. */
  release: z.strictObject({ how: z.enum(["in order", "reversed", "twice", "never"]).default("in order") }),
  redeliver: Delivery,
  /** A delivery like a real one with a GUID of its own, but for what is set and taken out (dotted paths). */
  pretend: Delivery.extend({
    set: z.record(z.string(), z.unknown()).default({}),
    drop: z.array(z.string()).default([]),
    /** In place of the payload. */
    body: z.string().optional(),
    forged: z.boolean().default(false),
  }),
};

const trouble = {
  /** The next calls of an operation of GitHub's API fail. */
  fault: z.strictObject({ op: z.string(), times: z.int().default(1), status: z.int().default(502) }),
  /** Runs of this repository cannot be written until it is mended. */
  break: z.strictObject({}),
  mend: z.strictObject({}),
  redrive: z.strictObject({}),
};

const builds = {
  /** From now on builds do this, in place of what the scenario began with. */
  direct: z.array(BuildRule),
  /** Lets builds go that are held: all, or those whose attempt holds this. */
  "let go": z.strictObject({ attempt: z.string().default("") }),
  /** Keeps how all looks at this moment under a name. */
  look: z.strictObject({ as: Name, ledger: z.boolean().default(false) }),
  until: z.union([
    z.strictObject({ check: z.string(), at: Name, says: z.string() }),
    z.strictObject({ held: z.string() }),
    z.strictObject({ dead: z.int() }),
  ]),
};

const all = { ...commits, ...pulls, ...checks, ...accounts, ...post, ...trouble, ...builds };

/** All that can happen in a scenario, by the word it is told with. */
export const verbs = Object.fromEntries(
  Object.entries(all).map(([name, schema]) => [name, schema.optional()]),
) as { readonly [V in keyof typeof all]: z.ZodOptional<(typeof all)[V]> };
