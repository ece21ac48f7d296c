import { isOver, type Stage } from "./stage.ts";

/** Opens the stages whose turn has come and closes those that can never come. Stages stand in order of need. */
export function settled(stages: readonly Stage[]): readonly Stage[] {
  const done = new Map<string, Stage>();
  return stages.map((stage) => {
    const due = hasMissed(stage, done) ? reopened(stage) : stage;
    const now = due.state === "waiting" ? turn(due, done) : due;
    done.set(now.name, now);
    return now;
  });
}

function turn(stage: Stage, done: ReadonlyMap<string, Stage>): Stage {
  const needed = stage.needs.map((need) => ({ ...need, now: done.get(need.stage) }));
  const all = needed.map(({ now }) => now);
  const lost = needed.find(({ be, now }) => be === "passed" && now && isOver(now) && now.state !== "passed");
  if (lost) return { ...stage, state: "skipped", because: lost.stage, endedAt: lost.now?.endedAt ?? "" };
  if (!all.every((now) => now && isOver(now))) return stage;
  if (stage.kind === "publish" && all.some(isUnaccepted)) return stage;
  // With nothing that passed there is nothing to do; but sources are collected also where services failed.
  const [first] = needed;
  if (stage.kind !== "source" && first && all.every((now) => now?.state !== "passed"))
    return { ...stage, state: "skipped", because: first.stage, endedAt: first.now?.endedAt ?? "" };
  return { ...stage, state: "ready", ...since(all) };
}

/** Since all of them are over, or were let pass. */
function since(needed: readonly (Stage | undefined)[]): Pick<Stage, "readyAt"> {
  const times = needed.map((stage) => stage?.differs?.accepted?.at ?? stage?.endedAt ?? "");
  const readyAt = times.reduce((a, b) => (a > b ? a : b), "");
  return readyAt === "" ? {} : { readyAt };
}

/** What it built differs from what was tested, and no committer has let that pass yet. */
const isUnaccepted = (stage: Stage | undefined): boolean =>
  stage?.state === "passed" && stage.differs !== undefined && stage.differs.accepted === undefined;

/** Does it wait for a committer alone: all before it is over, and some of that differs from what was tested? */
export function isHeld(stage: Stage, { stages }: { readonly stages: readonly Stage[] }): boolean {
  if (stage.kind !== "publish" || stage.state !== "waiting") return false;
  const needs = new Set(stage.needs.map((need) => need.stage));
  const needed = stages.filter(({ name }) => needs.has(name));
  return needed.every(isOver) && needed.some(isUnaccepted);
}

/** What passed when it was tried again, after a publish stage had begun without it, is published too. */
function hasMissed(stage: Stage, done: ReadonlyMap<string, Stage>): boolean {
  const { kind, state, readyAt, endedAt, needs } = stage;
  const isDone = isOver(stage) && state !== "cancelled" && endedAt !== undefined;
  if (kind !== "publish" || !isDone || readyAt === undefined) return false;
  const needed = needs.map((need) => done.get(need.stage));
  return needed.some(
    (now) =>
      (now?.kind === "build" || now?.kind === "check") &&
      now.state === "passed" &&
      (now.endedAt ?? "") > readyAt,
  );
}

/** The next attempt of a stage: nothing of the old one counts any more. */
export function reopened({ name, kind, pool, needs, attempt, before }: Stage, because?: string): Stage {
  const of = { name, kind, pool, needs, ...(before !== undefined && { before }) };
  const again = { ...of, state: "waiting", attempt: attempt + 1 } as const;
  return because === undefined ? again : { ...again, because };
}
