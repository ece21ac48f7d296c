import { z } from "zod";

const Look = z.readonly(
  z.strictObject({
    /** When it was looked at, ISO 8601 in UTC. */
    at: z.string(),
    verdict: z.enum(["good", "wrong", "unseen"]),
    /** What is not as it should be, a sentence for each. */
    findings: z.readonly(z.array(z.string())),
  }),
);
export type Look = z.infer<typeof Look>;

/** How each repository of the mirror looked to a stranger last, by the address of its `.repo` file. One record. */
export const Watched = z.readonly(
  z.strictObject({ v: z.literal(1), repositories: z.readonly(z.record(z.string(), Look)) }),
);
export type Watched = z.infer<typeof Watched>;

export const WATCHED = "canary/watched.json";

/** Remembers how these looked; what was not looked at now stays as it was. */
export const looked = (before: Watched | undefined, now: Readonly<Record<string, Look>>): Watched => ({
  v: 1,
  repositories: { ...before?.repositories, ...now },
});
