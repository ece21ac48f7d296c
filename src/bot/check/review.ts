import { consentButton } from "./buttons.ts";
import { type Check, cut } from "./check.ts";
import { type Consensus, consensus, type Reviewed } from "../review/consensus.ts";
import { reviewedBefore, reviewSummary, reviewTitle } from "../words/review.ts";

/** The check that holds a pull request back until there is consent to merge it. */
export function reviewCheck(pull: number, reviewed: Reviewed, found: Consensus = consensus(reviewed)): Check {
  return cut<Check>({
    name: REVIEW,
    externalId: `review#${pull}`,
    ...STATUS[found.state],
    title: reviewTitle(found),
    summary: reviewSummary(reviewed, found),
    ...(found.state === "waiting" && { buttons: [consentButton] }),
  });
}

const REVIEW = "millwright:review";

/** A group of the merge queue: GitHub lets in only what has passed its checks, and asks for them again on the group. */
export const queuedReviewCheck: Check = {
  name: REVIEW,
  externalId: "review#queue",
  status: "completed",
  conclusion: "success",
  ...reviewedBefore,
};

/** Never `neutral`, which GitHub counts as passed. */
const STATUS: Readonly<Record<Consensus["state"], Pick<Check, "status" | "conclusion">>> = {
  blocked: { status: "completed", conclusion: "failure" },
  consented: { status: "completed", conclusion: "success" },
  lazy: { status: "completed", conclusion: "success" },
  waiting: { status: "queued" },
};
