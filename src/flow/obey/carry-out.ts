import type { Command } from "../../bot/commands/table.ts";
import type { BotEvent } from "../../bot/events.ts";
import { jobsNamed } from "../../bot/commands/jobs-named.ts";
import { help } from "../../bot/commands/help.ts";
import { why } from "../../bot/commands/why.ts";
import { answers } from "../../bot/words/answers.ts";
import { rules } from "../../bot/words/rules.ts";
import { type Run, runId, runKey } from "../../pipelines/run.ts";
import { askAck, askNack } from "./ack.ts";
import { askBuild } from "./build.ts";
import { askEta } from "./eta.ts";
import { carryOutRelease, type ReleasePorts } from "./release.ts";
import { whyRebuilt } from "./why-rebuilt.ts";
import { askUpdate } from "./update.ts";
import { cancelRelease } from "../decide/cancel-release.ts";
import type { DecidePorts } from "../decide/ports.ts";
import { triggerOf } from "../decide/pull.ts";
import type { Judged } from "../decide/judge-pull.ts";
import { releaseNamed } from "../decide/release-named.ts";
import { cancel, retry } from "./steer-run.ts";

interface Asked extends Judged {
  readonly event: Extract<BotEvent, { kind: "commented" }>;
}

/** Does what somebody may command, and says what was done. */
export async function carryOut(ports: ReleasePorts, asked: Asked, command: Command): Promise<string> {
  const { event } = asked;
  const spoken = { ...asked, repo: event.repo, person: event.by, at: event.at };
  switch (command.name) {
    case "help":
      return help();
    case "ack":
      return askAck(ports, spoken, command.sha);
    case "nack":
      return askNack(ports, spoken);
    case "update":
      return askUpdate(ports, { repo: event.repo, config: asked.config }, command);
    case "nightly":
    case "promote":
    case "rollback":
    case "pin":
    case "unpin":
    case "accept":
    case "drop":
      return carryOutRelease(ports, asked, command);
    case "build":
      return asked.leave.may
        ? askBuild(ports, { ...spoken, wanted: command })
        : answers.refused(rules[asked.leave.rule]);
    case "retry":
    case "cancel":
    case "why":
    case "eta":
      return ofRun(ports, asked, command);
    default:
      return command satisfies never;
  }
}

type OfRun = Extract<Command, { name: "retry" | "cancel" | "why" | "eta" }>;

/** Commands that speak of the run of the newest commit. */
async function ofRun(ports: ReleasePorts, asked: Asked, command: OfRun): Promise<string> {
  const { event } = asked;
  const run = await runOf(ports, event.repo.id, asked);
  if (command.name === "why") return askWhy(ports, asked, { run, word: command.job });
  const release = "job" in command && (await releaseNamed(ports, event.repo.id, command.job ?? ""));
  if (command.name === "cancel" && release) return cancelRelease(ports, asked, release);
  if (!run) return answers.noRun;
  switch (command.name) {
    case "retry":
      return retry(ports, run, "job" in command ? command.job : undefined);
    case "cancel":
      return cancel(ports, run, { word: command.job, login: event.by.login });
    case "eta":
      return askEta(ports, run);
    default:
      return command satisfies never;
  }
}

/** Of a release, of a recipe in a channel, or of the run or a job of it. */
async function askWhy(
  ports: ReleasePorts,
  { event: { repo }, config, leave, pull: { sha } }: Asked,
  { run, word }: { readonly run: Run | undefined; readonly word: string | undefined },
): Promise<string> {
  const release = word === undefined ? undefined : await releaseNamed(ports, repo.id, word);
  if (release) return why(release, { leave, sha });
  const isOfRun = word === undefined || (run && jobsNamed(run, word).length > 0);
  const again = isOfRun ? undefined : await whyRebuilt(ports, { repo, config, word });
  return again ?? why(run, { leave, sha, job: word });
}

const runOf = async ({ runs }: DecidePorts, id: number, { pull }: Judged): Promise<Run | undefined> =>
  (await runs.read(runKey(runId({ id }, triggerOf(pull)))))?.value;
