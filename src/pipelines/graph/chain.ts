import { z } from "zod";
import { slug } from "../run.ts";

/** What is built again for a channel, and after which push. Changed by compare-and-swap alone. */
export const Chain = z.readonly(
  z.strictObject({
    v: z.literal(1),
    /** What became another before then is not followed: nobody asked for it yet. ISO 8601 in UTC. */
    begun: z.string(),
    /** The newest push that was published: its run, and when that began. */
    push: z.readonly(z.strictObject({ run: z.string(), at: z.string() })),
    /** How many steps there were. */
    step: z.int(),
    /** The runs of steps that matter still, the oldest first. */
    runs: z.readonly(z.array(z.string())),
  }),
);
export type Chain = z.infer<typeof Chain>;

export const CHAINS = "rebuilds/";
export const chainKey = (repo: number, channel: string): string => `${CHAINS}${repo}/${slug(channel)}.json`;

/** What was asked about last: a run, and its `rev`. */
export const askedKey = (repo: number, channel: string): string => `rebuilds-asked/${repo}/${slug(channel)}`;

/** So many runs are looked at; what is forgotten may be asked for once more. */
export const RUNS_MAX = 100;
/** A run is one record; the rest comes in the next step. */
export const STEP_MAX = 300;
