import { isCommitter } from "../../bot/authority.ts";
import { answers } from "../../bot/words/answers.ts";
import { because } from "../../bot/words/because.ts";
import { commandRules } from "../../bot/words/rules.ts";
import { stopAnswers } from "../../bot/words/stop-release.ts";
import type { Config } from "../../bot/config/config.ts";
import type { BotEvent } from "../../bot/events.ts";
import type { Run } from "../../pipelines/run.ts";
import { isOver, type Stage } from "../../pipelines/stage.ts";
import type { DecidePorts } from "./ports.ts";
import { moveRun } from "../move-run.ts";

interface Asked {
  readonly event: Extract<BotEvent, { kind: "commented" }>;
  readonly config: Config;
}

/** `/cancel <channel>/<number>`: a release that is on its way is stopped, until it is being published. */
export async function cancelRelease(
  ports: DecidePorts,
  { event: { repo, by }, config }: Asked,
  run: Run,
): Promise<string> {
  const { trigger } = run;
  if (!("channel" in trigger)) return answers.noRun;
  const canWrite = await ports.github.canWrite(repo, by);
  if (!isCommitter({ id: by.id, canWrite }, config.committers))
    return answers.refused(commandRules.needsCommitter);
  const live = run.stages.filter((stage) => !isOver(stage));
  if (live.length === 0) return stopAnswers.over(trigger);
  // What is half published would be neither the one nor the other.
  if (live.some(isPublishing)) return stopAnswers.publishing(trigger);
  const stages = live.map(({ name }) => name);
  const signal = { kind: "cancelled", at: ports.clock(), because: because.person(by.login), stages } as const;
  await moveRun(ports)(run.id, [signal]);
  return stopAnswers.stopped(trigger);
}

const isPublishing = ({ kind, state }: Stage): boolean =>
  kind === "publish" && (state === "starting" || state === "running");
