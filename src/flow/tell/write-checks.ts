import { type Check, SUMMARY } from "../../bot/check/check.ts";
import { type Weight, WEIGHTS } from "../../pipelines/order/budget.ts";
import type { At, GitHub, Showing, Shown } from "../../ports-github.ts";
import { beSilent, spend, type SpendPorts } from "./spend.ts";

export interface WritePorts extends SpendPorts {
  readonly github: Pick<GitHub, "show">;
}

interface Writing {
  readonly at: At;
  readonly sha: string;
  /** What the checks are about, whose updates are kept apart. */
  readonly about: string;
}

/** What became of checks that were to be written. */
export interface Written {
  readonly done: readonly Weight[];
  /** So many did not fit into what GitHub takes. */
  readonly left: number;
}

/** A check to write, and how much it matters to people that it is. */
interface Placed extends Showing {
  readonly weight: Weight;
}

/** A check in the place of what is shown; or as a new one, where that cannot be changed into it. */
export function inPlaceOf(was: Shown | undefined, check: Check): Placed {
  // GitHub keeps the end of a check that is over, and takes no remark away: a new one takes its place.
  const isKept = was?.check.status === "completed" && check.status !== "completed";
  const kept = isKept || was?.remarks ? undefined : was;
  return { check, id: kept?.id, weight: weightOf(check, kept?.check) };
}

/** What has ended is what people wait for; the check that speaks for all is the one that they look for. */
function weightOf(check: Check, was: Check | undefined): Weight {
  if (check.status === "completed") return "ended";
  if (!was) return check.name === SUMMARY ? "ended" : "new";
  return was.status === check.status ? "moved" : "began";
}

const rank = ({ weight, check }: Placed): number =>
  2 * WEIGHTS.indexOf(weight) + (check.name === SUMMARY ? 0 : 1);

/** Writes checks within the installation's budget, most important first. */
export async function writeChecks(
  ports: WritePorts,
  { at, sha, about }: Writing,
  wanted: readonly Placed[],
): Promise<Written> {
  if (wanted.length === 0) return { done: [], left: 0 };
  const urgent = wanted.toSorted((a, b) => rank(a) - rank(b));
  const weights = urgent.map(({ weight }) => weight);
  const room = await spend(ports, at.installation, { about, writes: weights });
  const left = wanted.length - room;
  if (room === 0) return { done: [], left };
  const answer = await ports.github.show(at, sha, urgent.slice(0, room));
  if (answer.kind === "written") return { done: weights.slice(0, room), left };
  await beSilent(ports, at.installation, answer);
  return { done: [], left: wanted.length };
}

/** One check that nobody would ask for again: what cannot be written now fails, and the queue keeps it. */
export async function writeCheck(ports: WritePorts, of: Omit<Writing, "about">, one: Placed): Promise<void> {
  const { left } = await writeChecks(ports, { ...of, about: one.check.externalId }, [one]);
  if (left > 0) throw new Error(`GitHub takes no more checks of installation ${of.at.installation} for now`);
}
