import { Verdict, verdictKey } from "../../../src/bot/messages.ts";
import type { Run } from "../../../src/pipelines/run.ts";
import { lettersOf, runsOf } from "./calm.ts";
import { callsOf } from "./record-calls.ts";
import { type Cast, type House, ownerOf, personOf } from "./cast.ts";
import { checksAt, ourComment } from "./record-checks.ts";

/** All that a scenario led to, in the order in which people look at it. */
export async function recordOf(house: House, cast: Cast, title: string) {
  return {
    scenario: title,
    ledger: await ledgerOf(house, cast),
    runs: (await runsOf(house, cast)).map(runShort),
    builds: house.prompter
      .asked(cast.id)
      .map(({ attempt, ends }) => `${attempt} ${ends}`)
      .toSorted((a, b) => inOrder(cast, a, b)),
    ...(await lookAt(cast)),
    reactions: await reactionsOf(cast),
    ...(cast.looks.size > 0 && { before: Object.fromEntries(cast.looks) }),
    calls: callsOf(house, cast),
  };
}

/** As the script made the commits: their SHAs are others each time. */
function inOrder({ commits }: Cast, a: string, b: string): number {
  const shas = [...commits.values()];
  const place = (text: string): number => shas.findIndex((sha) => text.includes(sha));
  return place(a) - place(b) || (a < b ? -1 : 1);
}

/** What GitHub shows now. */
export async function lookAt(cast: Cast) {
  const checks: Record<string, unknown> = {};
  for (const [name, sha] of cast.commits) {
    // Of a fork that is gone, or a repository that moved on, nothing is shown.
    const shown = await checksAt(cast, sha).catch(() => []);
    if (shown.length > 0) checks[name] = shown.map(checkShort);
  }
  return { checks, comments: await commentsOf(cast) };
}

const checkShort = (check: Awaited<ReturnType<typeof checksAt>>[number]) => ({
  check: `${check.name}: ${check.conclusion ?? check.status}`,
  title: check.title,
  summary: check.summary,
  ...(check.log && { log: "linked" }),
  ...(check.remarks > 0 && { remarks: check.remarks }),
});

/** What became of each delivery, in the order in which they were made. */
export async function ledgerOf(house: House, cast: Cast): Promise<readonly string[]> {
  const { state } = house.theatre;
  return Promise.all(
    lettersOf(house, cast).map(async ({ guid, event, action, answer }) => {
      const what = `${event} ${action ?? ""}`.trim();
      if (answer === undefined) return `${what} -> never came`;
      if (answer !== 202) return `${what} -> refused with ${answer}${await refusal(house, guid)}`;
      const note = await state.text("StateBucket", verdictKey(guid));
      if (note === undefined) return `${what} -> not decided`;
      const { verdicts } = Verdict.parse(JSON.parse(note));
      return `${what} -> ${verdicts.map(({ event, because, run }) => `${event}: ${because}${run === undefined ? "" : ` [${run}]`}`).join("; ")}`;
    }),
  );
}

async function refusal({ theatre: { state } }: House, guid: string): Promise<string> {
  const isKnown = (await state.text("StateBucket", `deliveries/${guid}`)) !== undefined;
  const note = await state.text("StateBucket", `refused/${guid}`);
  const { because } = JSON.parse(note ?? "{}") as { because?: string };
  return `${isKnown ? ", but in the ledger" : ""}: ${because ?? "without a note"}`;
}

const runShort = ({ id, zone, leave, channel, superseded, left, jobs, stages }: Run) => ({
  run: id,
  zone,
  leave: leave.by === undefined ? leave.rule : `${leave.rule} by ${leave.by}`,
  ...(channel !== undefined && { channel }),
  ...(superseded !== undefined && { superseded }),
  jobs: jobs.map(({ name, tier }) => `${name} ${tier}`),
  stages: stages.map(
    ({ name, attempt, state }) => `${name} ${state}${attempt > 1 ? `, attempt ${attempt}` : ""}`,
  ),
  ...(left.length > 0 && { left: left.map(({ what, because }) => `${what}: ${because}`) }),
});

async function commentsOf(cast: Cast): Promise<Record<string, string>> {
  const { pulls } = personOf(cast, "owner").octokit.rest;
  const asked = { owner: ownerOf(cast), repo: cast.repo, state: "all" as const };
  const { data } = await pulls.list(asked);
  const said: Record<string, string> = {};
  for (const { number } of data.toSorted((a, b) => a.number - b.number)) {
    const comment = await ourComment(cast, number);
    if (comment !== undefined) said[`pull ${number}`] = comment;
  }
  return said;
}

async function reactionsOf(cast: Cast): Promise<Record<string, string>> {
  const { reactions } = personOf(cast, "owner").octokit.rest;
  const found: Record<string, string> = {};
  for (const [name, comment_id] of cast.comments) {
    const asked = { owner: ownerOf(cast), repo: cast.repo, comment_id };
    const { data } = await reactions.listForIssueComment(asked).catch(() => ({ data: [] }));
    found[name] = data.map(({ content }) => content).join(", ") || "none";
  }
  return found;
}
