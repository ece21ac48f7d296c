import { z } from "zod";

/** What a repository allows its image's start. */
export const BootBudget = z.readonly(
  z.strictObject({
    /** Until login, in seconds. */
    seconds: z.optional(z.int()),
    /** Than at the last release, in per cent. */
    slower: z.optional(z.int()),
    /** What is over it fails the check; otherwise it is only said. */
    fail: z.boolean(),
  }),
);
export type BootBudget = z.infer<typeof BootBudget>;

/** What a machine's start passes through, in this order. */
export const MILESTONES = ["kernel", "init", "network", "login", "ok"] as const;
export type Milestone = (typeof MILESTONES)[number];

/** Seconds since the machine was switched on, by the clock outside. */
const Reached = z.readonly(z.partialRecord(z.enum(MILESTONES), z.number()));
export type Reached = z.infer<typeof Reached>;

/** Times under another accelerator or on another machine tell nothing of these. */
const machine = { accelerator: z.string(), machine: z.string() };

/** The last release that was booted on the same kind of machine. */
const Before = z.readonly(
  z.strictObject({
    at: z.string(),
    number: z.optional(z.string()),
    first: Reached,
    warm: z.optional(Reached),
  }),
);
export type Before = z.infer<typeof Before>;

/** How an image came up: the first time, and once more with what that left on its disk. */
export const Booted = z.readonly(
  z.strictObject({
    ...machine,
    first: Reached,
    warm: z.optional(Reached),
    /** What systemd measured of its first start in all, in seconds. */
    startup: z.optional(z.number()),
    /** The units that took longest, slowest first, in seconds. */
    slowest: z.readonly(z.array(z.strictObject({ unit: z.string(), seconds: z.number() }))),
    before: z.optional(Before),
    /** In what it is over its budget: until login in seconds, or slower than before in per cent. */
    over: z.readonly(
      z.array(z.strictObject({ what: z.enum(["seconds", "slower"]), is: z.number(), allowed: z.number() })),
    ),
    /** The address of a plot of it and of those before. */
    plot: z.optional(z.string()),
  }),
);
export type Booted = z.infer<typeof Booted>;
