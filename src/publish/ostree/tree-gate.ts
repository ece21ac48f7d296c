import { list, text } from "../../pipelines/ostree/gvariant.ts";
import type { Commit } from "./local-repository.ts";

/** What a commit is held against: the ref that it is for, the run's number, and what the ref leads to now. */
export interface Expected {
  readonly ref: string;
  readonly version: string | undefined;
  readonly base: Pick<Commit, "sum" | "at"> | undefined;
}

/** Why a commit may not be published, a sentence each. A client that is given a commit of another ref refuses it, and so do we;
 *  and it refuses one that is older than its own. */
export function treeViolations(commit: Commit, expected: Expected): readonly string[] {
  return [boundElsewhere, numberedOtherwise, composedElsewhere, olderThanBase].flatMap(
    (rule) => rule(commit, expected) ?? [],
  );
}

type Rule = (commit: Commit, expected: Expected) => string | undefined;

const boundElsewhere: Rule = ({ metadata }, { ref }) => {
  const bound = metadata.get("ostree.ref-binding");
  const refs = bound?.type === "as" ? list(text).read(bound.data) : [];
  return refs.length > 0 && refs.every((one) => one === ref) ? undefined : `The tree is not bound to ${ref}.`;
};

const numberedOtherwise: Rule = ({ metadata }, { ref, version }) => {
  const told = metadata.get("version");
  const number = told?.type === "s" ? text.read(told.data) : "no version";
  if (version === undefined || number === version) return undefined;
  return `The tree of ${ref} says that it is ${number} and not ${version}.`;
};

const composedElsewhere: Rule = ({ parent = "nothing" }, { ref, base }) => {
  const published = base?.sum ?? "nothing";
  if (parent === published) return undefined;
  return `The tree of ${ref} was composed on ${parent}, but ${published} is published: compose it again.`;
};

const olderThanBase: Rule = ({ at }, { ref, base }) =>
  base && at < base.at ? `The tree of ${ref} is older than the one that is published.` : undefined;
