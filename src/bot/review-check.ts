import { consentButton } from "./buttons.ts";
import { type Check, cut } from "./check.ts";
import { type Consensus, consensus, type Reviewed } from "./consensus.ts";
import { reviewSummary, reviewTitle } from "./words/review.ts";

/** As it stands in the check's `external_id`. */
export const reviewId = (pull: number): string => `review#${pull}`;

/** The check that holds a pull request back until there is consent to merge it. */
export function reviewCheck(pull: number, reviewed: Reviewed, found: Consensus = consensus(reviewed)): Check {
  return cut<Check>({
    name: "millwright:review",
    externalId: reviewId(pull),
    ...STATUS[found.state],
    title: reviewTitle(found),
    summary: reviewSummary(reviewed, found),
    ...(found.state === "waiting" && { buttons: [consentButton] }),
  });
}

/** Never `neutral`, which GitHub counts as passed. */
const STATUS: Readonly<Record<Consensus["state"], Pick<Check, "status" | "conclusion">>> = {
  blocked: { status: "completed", conclusion: "failure" },
  consented: { status: "completed", conclusion: "success" },
  lazy: { status: "completed", conclusion: "success" },
  waiting: { status: "queued" },
};
