import { daysLater, exact, isLater, latest } from "../calendar.ts";
import type { Voice } from "./review.ts";

/** What is known of a review when its state is asked for. Times are ISO 8601 in UTC. */
export interface Reviewed {
  /** `acks`: how many are needed. `lazyDays`: how many days of silence are consent; absent: none ever. */
  readonly rules: { readonly acks: number; readonly lazyDays?: number | undefined };
  readonly voices: readonly Voice[];
  /** Ids of those who are committers now. */
  readonly committers: readonly number[];
  readonly author: number;
  readonly sha: string;
  /** Since when `sha` is the head. */
  readonly since: string;
  readonly now: string;
}

/** `lazy`: consented by silence. Consent is to merge or promote; it never lets anything be built. */
export interface Consensus {
  readonly state: "blocked" | "consented" | "waiting" | "lazy";
  readonly acks: number;
  readonly need: number;
  /** Logins of those who block it. */
  readonly nacks: readonly string[];
  /** When silence counts, or counted, as consent. */
  readonly until?: string;
}

export function consensus(reviewed: Reviewed): Consensus {
  const { rules, sha, author, now } = reviewed;
  const committers = new Set(reviewed.committers);
  const voices = reviewed.voices.filter(({ person }) => committers.has(person.id));
  const nacks = voices.filter((voice) => voice.kind === "nack" && takenBackAt(voice, voices) === undefined);
  const acks = new Set(
    voices
      .filter((voice) => voice.kind === "ack" && voice.sha === sha && voice.person.id !== author)
      .map(({ person }) => person.id),
  );
  for (const { person } of nacks) acks.delete(person.id);
  const until = silenceEnds(reviewed, voices);
  const facts = {
    acks: acks.size,
    need: rules.acks,
    nacks: nacks.map(({ person }) => person.login),
    ...(until !== undefined && { until }),
  };
  if (nacks.length > 0) return { state: "blocked", ...facts };
  if (acks.size >= rules.acks) return { state: "consented", ...facts };
  return { state: until !== undefined && !isLater(until, now) ? "lazy" : "waiting", ...facts };
}

/** Silence is counted from the last push, or from when the last NACK was taken back. */
function silenceEnds({ rules, since }: Reviewed, voices: readonly Voice[]): string | undefined {
  if (rules.lazyDays === undefined) return undefined;
  const taken = voices
    .filter(({ kind }) => kind === "nack")
    .map((nack) => takenBackAt(nack, voices))
    .filter((at) => at !== undefined);
  return daysLater(exact(latest(since, ...taken)), rules.lazyDays);
}

/** A NACK is taken back by the first later ACK of the same person, whichever commit that names. */
function takenBackAt(nack: Voice, voices: readonly Voice[]): string | undefined {
  return voices
    .filter(({ kind, person, at }) => kind === "ack" && person.id === nack.person.id && isLater(at, nack.at))
    .map(({ at }) => at)
    .toSorted((a, b) => (isLater(a, b) ? 1 : -1))[0];
}
