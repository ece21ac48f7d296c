import { isLater } from "../../bot/calendar.ts";
import type { Person, RepoRef } from "../../bot/events.ts";
import { answers } from "../../bot/words/answers.ts";
import { pullKey } from "../../pipelines/newest.ts";
import type { DecidePorts } from "../decide/ports.ts";
import { giveVoice } from "./give-voice.ts";
import type { Judged } from "../decide/judge-pull.ts";

interface Spoken extends Judged {
  readonly repo: RepoRef;
  readonly person: Person;
  /** When the comment was written, by GitHub's clock. */
  readonly at: string;
}

/** `/ack`: consents to the commit that the person has seen; one that came in meanwhile is another. */
export async function askAck(ports: DecidePorts, spoken: Spoken, sha: string | undefined): Promise<string> {
  const { repo, pull, person, at } = spoken;
  const head = pull.sha;
  if (sha !== undefined && !head.startsWith(sha)) return answers.otherHead(sha, head);
  if (sha === undefined && !(await wasSeen(ports, spoken))) return answers.raced(head);
  const { number } = pull;
  const outcome = await giveVoice(ports, { repo, number, person, kind: "ack", sha: head, at });
  return outcome.run ? answers.acked(head) : answers.ackedNotBuilt(head, outcome.because);
}

/** Had the bot told of this head before the comment was written? */
async function wasSeen({ newest }: DecidePorts, { repo, pull, at }: Spoken): Promise<boolean> {
  const known = (await newest.read(pullKey(repo.id, pull.number)))?.value;
  return known?.sha === pull.sha && known.since !== undefined && !isLater(known.since, at);
}

/** `/nack`: objects to the pull request, whichever commit it is at. */
export async function askNack(ports: DecidePorts, { repo, pull, person, at }: Spoken): Promise<string> {
  await giveVoice(ports, { repo, number: pull.number, person, kind: "nack", sha: pull.sha, at });
  return answers.nacked(person.login);
}
