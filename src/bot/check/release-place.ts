import { ownRepositories } from "../../pipelines/release/pin.ts";
import { repositoriesOf } from "../../pipelines/release/published.ts";
import type { Run } from "../../pipelines/run.ts";
import type { Check } from "./check.ts";
import { released } from "../words/released.ts";

/** The check of a release says where it can be installed from, as soon as it can. */
export function withPlace(check: Check, run: Run): Check {
  const { trigger } = run;
  // What goes back tells of its publication anyway.
  if (trigger.kind !== "nightly" && trigger.kind !== "promotion") return check;
  const own = ownRepositories(run, trigger.number);
  const places = Object.entries(repositoriesOf(run)).flatMap(([target, channel]) => {
    const alone = own[target];
    return alone === undefined ? [] : [{ target, channel, own: alone }];
  });
  if (places.length === 0) return check;
  return { ...check, summary: [check.summary, released(trigger.number, places)].join("\n\n") };
}
