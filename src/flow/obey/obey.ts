import { mayCommand, roleOf } from "../../bot/authority.ts";
import { commands } from "../../bot/commands/table.ts";
import { readCommands, type Said } from "../../bot/commands/commands.ts";
import type { BotEvent } from "../../bot/events.ts";
import { answered, finished, isDone, isNew, wondered } from "../../bot/review/review.ts";
import { answers } from "../../bot/words/answers.ts";
import { ledger } from "../../bot/words/ledger.ts";
import { commandRules } from "../../bot/words/rules.ts";
import { whyRebuilt } from "./why-rebuilt.ts";
import { isConfig, rulesOf } from "../rules-of.ts";
import { askRelease, isOfRelease, type ReleasePorts } from "./release.ts";
import { carryOut } from "./carry-out.ts";
import { changeReview } from "./change-review.ts";
import type { Outcome } from "../decide/ports.ts";
import { judgePull } from "../decide/judge-pull.ts";
import { factsOf } from "../decide/lay.ts";

type Commented = Extract<BotEvent, { kind: "commented" }>;

/** Commands in a comment: a reaction at once, then what was asked for, then the answer in the one comment of ours. */
export async function obey(ports: ReleasePorts, event: Commented): Promise<Outcome> {
  const said = readCommands(event.body);
  if (said.length === 0) return { because: ledger.noCommand };
  const { repo, number, comment, by } = event;
  await ports.github.react(repo, comment, "eyes");
  for (const [which, one] of said.entries()) {
    const key = `${comment}:${which}`;
    const answer = await answerTo(ports, { event, key }, one);
    if (answer === undefined) continue;
    const kept = { comment, by: by.login, line: one.line, said: answer, at: event.at };
    await changeReview(ports, { repo, number }, (review) =>
      finished(answered(one.kind === "unknown" ? wondered(review, one.name) : review, kept), key),
    );
  }
  await ports.reports.send(
    { v: 1, repo: factsOf(repo), pull: number },
    { group: `${repo.id}/pull/${number}`, once: `${repo.id}/pull/${number}/comment ${comment}` },
  );
  const names = said.map((one) => (one.kind === "command" ? one.command.name : `${one.name} (${one.kind})`));
  return { because: ledger.commands(names.join(", ")) };
}

/** Releases and channels are no matter of the pull request that they are spoken of on. */
async function answerClosed(
  ports: ReleasePorts,
  { event, key }: { readonly event: Commented; readonly key: string },
  said: Said,
): Promise<string | undefined> {
  if (said.kind !== "command") return answers.notOpen;
  const { command } = said;
  if (isOfRelease(command)) return askRelease(ports, { event, key }, command);
  const config = command.name === "why" ? await rulesOf(ports, event.repo) : [];
  if (command.name !== "why" || command.job === undefined || !isConfig(config)) return answers.notOpen;
  return (await whyRebuilt(ports, { repo: event.repo, config, word: command.job })) ?? answers.notOpen;
}

/** Undefined where it was answered before, or need not be. */
async function answerTo(
  ports: ReleasePorts,
  { event, key }: { readonly event: Commented; readonly key: string },
  said: Said,
): Promise<string | undefined> {
  const { repo, number, by } = event;
  const judgement = await judgePull(ports, repo, number);
  if (judgement.kind === "gone") return undefined;
  if (judgement.kind === "closed") return answerClosed(ports, { event, key }, said);
  if (judgement.kind === "unruled") return answers.rulesBroken;
  const { review, config, pull, leave } = judgement;
  if (isDone(review, key)) return undefined;
  if (said.kind === "wrong") return answers.wrong(said.because);
  if (said.kind === "unknown")
    return isNew(review, said.name) ? answers.unknown(said.name, said.nearest) : undefined;
  const canWrite = await ports.github.canWrite(repo, by);
  const { committers } = config;
  const person = { id: by.id, canWrite };
  const role = roleOf({ person, author: pull.author.id, committers, mayBeBuilt: leave.may });
  const permission = mayCommand(role, commands[said.command.name].who);
  if (!permission.may) return answers.refused(commandRules[permission.rule]);
  return carryOut(ports, { ...judgement, event }, said.command);
}
