import type { Review } from "../bot/review.ts";
import type { Deployment } from "../pipelines/deployment.ts";
import type { Newest } from "../pipelines/newest.ts";
import type { Clock, GitHub, Records } from "../ports.ts";
import type { MovePorts } from "./move-run.ts";

/** What it takes to decide about a commit. */
export interface DecidePorts extends MovePorts {
  readonly github: Pick<
    GitHub,
    "pull" | "branch" | "paths" | "file" | "changed" | "canWrite" | "shown" | "show" | "react"
  >;
  readonly newest: Records<Newest>;
  readonly reviews: Records<Review>;
  readonly deployment: Deployment;
  readonly clock: Clock;
}

/** What became of an event, for the ledger. */
export interface Outcome {
  readonly because: string;
  readonly run?: string;
}
