import type { Person, RepoRef } from "../../bot/events.ts";
import { speak } from "../../bot/review/review.ts";
import { changeReview } from "./change-review.ts";
import type { DecidePorts, Outcome } from "../decide/ports.ts";
import { decidePull } from "../decide/pull.ts";
import { tellList } from "../tell/tell-list.ts";

interface Voiced {
  readonly repo: RepoRef;
  readonly number: number;
  readonly person: Person;
  readonly kind: "ack" | "nack";
  readonly sha: string;
  /** ISO 8601. */
  readonly at: string;
}

/** A committer consents to a commit, or objects to the pull request; then it is judged anew. */
export async function giveVoice(
  ports: DecidePorts,
  { repo, number, person, kind, sha, at }: Voiced,
): Promise<Outcome> {
  await changeReview(ports, { repo, number }, (review) => speak(review, { person, kind, sha, at }));
  await tellList(ports, { repo, pull: number }, { kind: "voice", voice: { person, kind, sha, at } });
  return decidePull(ports, { kind: "pull-changed", repo, number });
}
