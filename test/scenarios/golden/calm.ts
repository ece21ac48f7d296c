import { setTimeout as pause } from "node:timers/promises";
import { code } from "../../../src/bot/markdown/markdown.ts";
import { Verdict, verdictKey } from "../../../src/bot/messages.ts";
import { type Answer, Review, reviewKey } from "../../../src/bot/review/review.ts";
import { isTold } from "../../../src/pipelines/next.ts";
import { Newest } from "../../../src/pipelines/newest.ts";
import { Run } from "../../../src/pipelines/run.ts";
import { attemptId, isOver } from "../../../src/pipelines/stage.ts";
import type { Cast, House } from "./cast.ts";
import { personOf } from "./cast.ts";
import type { Letter } from "./postman.ts";
import { ourComment } from "./record-checks.ts";

/** How long nobody may have asked GitHub anything for it to be quiet, in ms. */
const QUIET = 500;

/** How long a report may be outstanding before it is asked for again, in ms. */
const NUDGE = 4_000;

/** Asks again until it is so. */
export async function until(what: string, ask: () => Promise<string | boolean>): Promise<void> {
  let answer: string | boolean = false;
  for (const end = Date.now() + 240_000; Date.now() < end; await pause(200)) {
    answer = await ask();
    if (answer === true) return;
  }
  throw new Error(`it never came: ${what}: ${answer}`);
}

/** Waits until nothing of a scenario is under way but builds that are held. */
export const calm = (house: House, cast: Cast): Promise<void> =>
  until("calm", async () => (await unrest(house, cast)) ?? true);

async function unrest(house: House, cast: Cast): Promise<string | undefined> {
  const { admin } = house.theatre.github;
  const { id } = cast.installation;
  if (admin.deliveries().some(({ installation, status }) => installation === id && status === "pending"))
    return "a delivery has not left";
  const last = admin.calls().findLast(({ caller }) => caller === `installation ${cast.installation.id}`);
  if (last && performance.now() - last.ended < QUIET) return "GitHub was asked a moment ago";
  for (const letter of lettersOf(house, cast)) {
    const open = await undecided(house, letter);
    if (open) return open;
  }
  for (const run of await runsOf(house, cast)) {
    const held = new Set(house.prompter.held(cast.id));
    const isHeld = ({ name, attempt, phase }: Run["stages"][number]) =>
      phase === "BUILD" && held.has(attemptId({ run: run.id, stage: name, attempt }));
    const busy = run.stages.find(
      (one) => (!isOver(one) && one.state !== "waiting" && !isHeld(one)) || (isOver(one) && !one.endedAt),
    );
    if (busy) return `${run.id} ${busy.name} is ${busy.state}`;
    if (isTold(run)) continue;
    await nudge(house, run);
    return `${run.id} is not told`;
  }
  return missingInComment(house, cast);
}

/** But for news of our own comments: how often they were edited tells nothing. */
export const lettersOf = ({ postman }: House, cast: Cast): readonly Letter[] =>
  postman.of(cast.id, personOf(cast, "owner").login).filter(({ isOurs }) => !isOurs);

/** Letters whose verdict was seen, by when they were handed over. */
const decided = new WeakMap<Letter, string | undefined>();

async function undecided({ theatre }: House, letter: Letter): Promise<string | undefined> {
  // Kept back, or refused.
  if (letter.answer !== 202 || (decided.has(letter) && decided.get(letter) === letter.at)) return undefined;
  const note = await theatre.state.text("StateBucket", verdictKey(letter.guid));
  if (note === undefined) return `${letter.event} has no verdict`;
  const { at, verdicts } = Verdict.parse(JSON.parse(note));
  if (at < (letter.at ?? "")) return `${letter.event} has no new verdict`;
  const open = verdicts.find(({ event }) => event === "undecided")?.because;
  if (open === undefined) decided.set(letter, letter.at);
  return open;
}

const nudged = new Map<string, number>();

/** What was not worth a write yet is told by the sweep's asking again; here nobody sweeps. */
async function nudge({ theatre }: House, { id, rev }: Run): Promise<void> {
  const key = `${id} ${rev}`;
  const first = nudged.get(key) ?? Date.now();
  if (Date.now() - first > NUDGE)
    await theatre.state.send("ReportsQueue", JSON.stringify({ v: 1, run: id }), id);
  nudged.set(key, Date.now() - first > NUDGE ? Date.now() : first);
}

export async function runsOf({ theatre: { state } }: House, { id }: Cast): Promise<readonly Run[]> {
  const keys = await state.keys("StateBucket", `runs/${id}/`);
  const texts = await Promise.all(keys.map((key) => state.text("StateBucket", key)));
  return texts
    .flatMap((text) => (text === undefined ? [] : [Run.parse(JSON.parse(text))]))
    .toSorted((a, b) => (a.at < b.at ? -1 : 1));
}

/** The comment names the newest commit and holds the newest answer. */
async function missingInComment(house: House, cast: Cast): Promise<string | undefined> {
  const { state } = house.theatre;
  for (const key of await state.keys("StateBucket", `heads/${cast.id}/pull/`)) {
    const number = Number(key.split("/").at(-1));
    const newest = Newest.parse(JSON.parse((await state.text("StateBucket", key)) ?? ""));
    const text = await state.text("StateBucket", reviewKey(cast.id, number));
    const answer = text === undefined ? undefined : Review.parse(JSON.parse(text)).answers.at(-1);
    const said = await ourComment(cast, number);
    // Of what nothing is built there is no comment unless somebody asked, or is asked for an ACK.
    const due = [said, answer, newest.run, newest.risks].some((reason) => reason !== undefined);
    const wanted = due ? [newest.sha.slice(0, 10), ...(answer ? [beginningOf(answer)] : [])] : [];
    const missing = wanted.find((words) => !said?.includes(words));
    if (missing !== undefined) return `the comment on ${number} lacks ${missing}`;
  }
  return undefined;
}

/** Two answers may begin alike: who asked what tells them apart. */
const beginningOf = ({ by, line, said }: Answer): string =>
  `${code(by)} asked ${code(line)}:\n\n${said.trim().slice(0, 40)}`;
