import type { Zone } from "../pipelines/run.ts";
import { isCommitter, type Person } from "./authority.ts";

/** An ACK that stands, and what its giver may do now. */
export interface Ack {
  readonly person: Person & { readonly login: string };
  readonly sha: string;
}

/** What is known of a commit when it is judged. Ids are numeric, and from the config on the default branch. */
export interface Claim {
  /** `queue`: the head of a merge queue. `rerun` and `command` ask again for a pull request's head. */
  /** Did we make this commit, or open its pull request from a branch of the repository? */
  readonly isOwn?: boolean;
  readonly event: "pull" | "push" | "queue" | "rerun" | "command";
  /** Is the head in another repository, or in one that was deleted? */
  readonly fork: boolean | "gone";
  /** Whose repository the head is in: they may push to it. `null` where that is gone. */
  readonly headOwner: number | null;
  readonly sha: string;
  readonly author: Person;
  readonly committers: readonly number[];
  readonly trusted: readonly number[];
  readonly acks: readonly Ack[];
}

/** By which rule a commit is built, or is not. */
export type BuildRule =
  | "ownBranch"
  | "queue"
  | "ownUpdate"
  | "nightly"
  | "promotion"
  | "rollback"
  | "rebuild"
  | "canWrite"
  | "committer"
  | "trusted"
  | "acked"
  | RefusedBuild;
export type RefusedBuild = "neither" | "otherCommit" | "notCommitter";

/** `by`: the login of the committer whose ACK decided. */
export type Leave =
  | { readonly may: true; readonly rule: Exclude<BuildRule, RefusedBuild>; readonly by?: string }
  | { readonly may: false; readonly rule: RefusedBuild };

/** May this commit be built? */
export function mayBuild(claim: Claim): Leave {
  const { fork, author, committers, trusted } = claim;
  const inside = fork === false ? byPlace(claim) : undefined;
  if (inside) return { may: true, rule: inside };
  // Who opened a pull request vouches for their own branch, not for what the owner of another fork pushes to it.
  if (fork !== false && claim.headOwner !== author.id) return byAck(claim);
  if (author.canWrite) return { may: true, rule: "canWrite" };
  if (isCommitter(author, committers)) return { may: true, rule: "committer" };
  // An ACK says more: it lets images be made, too.
  const acked = byAck(claim);
  if (!acked.may && new Set(trusted).has(author.id)) return { may: true, rule: "trusted" };
  return acked;
}

/** Only people who may write get a commit into a branch, or into the queue, of the repository itself; and we do. */
function byPlace({ event, isOwn }: Claim): "ownBranch" | "queue" | "ownUpdate" | undefined {
  if (event === "push") return "ownBranch";
  if (event === "queue") return "queue";
  return isOwn ? "ownUpdate" : undefined;
}

/** An ACK counts for exactly the commit it names, and only while its giver may give it. */
function byAck({ acks, committers, sha }: Claim): Leave {
  const valid = acks.filter(({ person }) => isCommitter(person, committers));
  const exact = valid.find((ack) => ack.sha === sha);
  if (exact) return { may: true, rule: "acked", by: exact.person.login };
  if (valid.length > 0) return { may: false, rule: "otherCommit" };
  return { may: false, rule: acks.length > 0 ? "notCommitter" : "neither" };
}

/** Where a commit stands; `onProtected`: it can be reached from a protected branch. */
export interface Standing extends Pick<Claim, "event" | "fork"> {
  readonly onProtected: boolean;
}

/** In which zone? Only what was pushed to a protected branch is trusted, whoever asked for it or ACKed it. */
export const zoneOf = ({ event, fork, onProtected }: Standing): Zone =>
  event === "push" && fork === false && onProtected ? "trusted" : "untrusted";
