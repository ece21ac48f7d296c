import type { Review } from "../../bot/review/review.ts";
import type { AliasesSeen } from "../../pipelines/aliases-seen.ts";
import type { Deployment } from "../../pipelines/deployment.ts";
import type { History } from "../../pipelines/order/history.ts";
import type { Line } from "../../pipelines/order/line.ts";
import type { Newest } from "../../pipelines/newest.ts";
import type { GitHub } from "../../ports-github.ts";
import type { Blobs, Records, Upstreams } from "../../ports.ts";
import type { ChannelPorts } from "../change-channel.ts";
import type { ReadGraphs } from "../graphs.ts";
import type { MovePorts } from "../move-run.ts";
import type { ListPorts } from "../tell/tell-list.ts";
import type { SpendPorts } from "../tell/spend.ts";

/** What it takes to decide about a commit. */
export interface DecidePorts extends MovePorts, ChannelPorts, SpendPorts, ListPorts, ReadGraphs {
  readonly github: Pick<
    GitHub,
    | "pull"
    | "branch"
    | "tag"
    | "reaches"
    | "paths"
    | "file"
    | "changed"
    | "canWrite"
    | "shown"
    | "show"
    | "react"
    | "isPublic"
  >;
  readonly newest: Records<Newest>;
  readonly aliases: Records<AliasesSeen>;
  /** What is on the mirror. */
  readonly mirrored: Pick<Blobs, "get">;
  readonly reviews: Records<Review>;
  readonly histories: Pick<Records<History>, "read">;
  readonly lines: Pick<Records<Line>, "read">;
  /** Which commits are ours. */
  readonly ownCommits: Pick<Blobs, "get">;
  readonly deployment: Deployment;
  readonly upstreams: Pick<Upstreams, "expression">;
}

/** What became of an event, for the ledger. */
export interface Outcome {
  readonly because: string;
  readonly run?: string;
}
