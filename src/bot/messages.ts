import { z } from "zod";
import { Repo } from "../pipelines/repo.ts";

/** A repository in a message. */
export const RepoFacts = z.strictObject({
  id: z.int(),
  node: z.string(),
  owner: z.string(),
  ownerId: z.int(),
  name: z.string(),
  installation: z.int(),
  private: z.boolean(),
  defaultBranch: z.string(),
});

/** Something came to a channel, by this run, or a step of rebuilds for it is over. */
export const RebuildAsked = z.strictObject({
  repo: Repo,
  channel: z.string(),
  branch: z.string(),
  run: z.string(),
});
export type RebuildAsked = z.infer<typeof RebuildAsked>;

/** The services of an update have run, or could not, in this stage of this run. */
export const UpdateRan = z.strictObject({ run: z.string(), stage: z.string() });
export type UpdateRan = z.infer<typeof UpdateRan>;

/** What the queue of events carries: a delivery in the ledger, or an event that the sweep found missing. */
export const EventsMessage = z.union([
  z.strictObject({ v: z.literal(1), rebuild: RebuildAsked }),
  z.strictObject({ v: z.literal(1), update: UpdateRan }),
  z.strictObject({ v: z.literal(1), delivery: z.string() }),
  z.strictObject({
    v: z.literal(1),
    event: z.discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("pull-changed"), repo: RepoFacts, number: z.int() }),
      z.strictObject({ kind: z.literal("branch-pushed"), repo: RepoFacts, branch: z.string() }),
      z.strictObject({
        kind: z.literal("night-came"),
        repo: RepoFacts,
        channel: z.string(),
        night: z.string(),
      }),
      z.strictObject({
        kind: z.literal("upstream-released"),
        repo: RepoFacts,
        recipe: z.string(),
        version: z.string(),
        place: z.string(),
      }),
    ]),
  }),
]);
export type EventsMessage = z.infer<typeof EventsMessage>;

/** What the door writes for each delivery; the ledger's first half. */
export const StoredDelivery = z.strictObject({
  v: z.literal(1),
  guid: z.string(),
  event: z.string(),
  /** ISO 8601, by the door's clock. */
  at: z.string(),
  body: z.string(),
});

export type StoredDelivery = z.infer<typeof StoredDelivery>;

/** What became of a delivery; the ledger's second half. */
export const Verdict = z.strictObject({
  v: z.literal(1),
  at: z.string(),
  verdicts: z.array(z.strictObject({ event: z.string(), because: z.string(), run: z.optional(z.string()) })),
});
export type Verdict = z.infer<typeof Verdict>;

export const deliveryKey = (guid: string): string => `deliveries/${guid}`;
export const verdictKey = (guid: string): string => `verdicts/${guid}`;
