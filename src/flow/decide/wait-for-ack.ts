import { aboutId } from "../../bot/check/about.ts";
import { ackButton } from "../../bot/check/buttons.ts";
import type { RepoRef } from "../../bot/events.ts";
import type { RefusedBuild } from "../../bot/trust.ts";
import { notices } from "../../bot/words/notices.ts";
import { rules } from "../../bot/words/rules.ts";
import { pullKey } from "../../pipelines/newest.ts";
import type { DecidePorts, Outcome } from "./ports.ts";
import type { Judged } from "./judge-pull.ts";
import { factsOf } from "./lay.ts";
import { lookForRisks } from "./look-for-risks.ts";
import { refuse } from "./refuse.ts";
import { succeed } from "./succeed.ts";

/** Not built until a committer ACKs this very commit; told with a button, and with what to look at before. */
export async function waitForAck(
  ports: DecidePorts,
  repo: RepoRef,
  { rule, ...judged }: Pick<Judged, "pull" | "review"> & { readonly rule: RefusedBuild },
): Promise<Outcome> {
  const { number, sha } = judged.pull;
  const risks = await lookForRisks(ports, repo, judged);
  const notice = notices.untrusted(rules[rule], sha, risks);
  const outcome = await refuse(ports, repo, {
    about: aboutId({ kind: "pull", number }),
    sha,
    conclusion: "action_required",
    buttons: [ackButton],
    ...notice,
  });
  await succeed(ports, pullKey(repo.id, number), { v: 1, sha, refused: notice.title, risks });
  await ports.reports.send(
    { v: 1, repo: factsOf(repo), pull: number },
    { group: `${repo.id}/pull/${number}`, once: `${repo.id}/pull/${number}/${sha} waits` },
  );
  return outcome;
}
