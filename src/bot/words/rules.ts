import type { CommandRule } from "../authority.ts";
import type { BuildRule } from "../trust.ts";

/** By which rule a commit is built, or is not. */
export const rules: Readonly<Record<BuildRule, string>> = {
  ownBranch: "it was pushed to a branch of this repository",
  nightly: "the config names a nightly channel of this protected branch",
  promotion: "an accepted release is promoted to this channel, and the gate let it pass",
  rollback: "a committer takes this channel back, and the gate let it pass",
  ownUpdate: "Millwright itself proposed this update, from a branch of this repository",
  rebuild: "the config asks for what depends on a change to be built again for this channel",
  queue: "it is the head of the merge queue",
  canWrite: "the author may write to this repository",
  committer: "the config on the default branch names the author as a committer",
  trusted: "the config on the default branch trusts the author",
  acked: "a committer ACKed this very commit",
  neither:
    "the author may not write here and the config does not trust them, or the branch is in somebody else's fork",
  otherCommit: "the ACK that was given names another commit, and each push needs its own",
  notCommitter: "the ACK that was given is not a committer's",
};

/** By which rule somebody's command is obeyed, or is not. */
export const commandRules: Readonly<Record<CommandRule, string>> = {
  forAnyone: "everybody may ask this",
  isContributor: "you proposed this pull request, and it may be built",
  isCommitter: "you are a committer of this repository",
  needsContributor:
    "only committers may do this, and the author of the pull request once its newest commit may be built",
  needsCommitter: "only committers may do this",
};
