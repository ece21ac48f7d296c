/** What became of a delivery, for the ledger. */
export const ledger = {
  tag: "tag pushes start nothing yet",
  deleted: "the branch was deleted",
  notOurCheck: "the check run is not one of ours",
  notInstalled: "the delivery names no installation",
  rerun: "a check was asked to run again",
  foreign: "this account is not served by this deployment",
  closed: "the pull request is closed",
  gone: "GitHub no longer has it",
  notOpen: "the pull request is not open",
  noRun: "there is no run that this asks about",
  noChannel: (branch: string) => `no channel is fed by the branch ${branch}`,
  isProtected: (branch: string) => `the branch ${branch} is protected and feeds a channel`,
  notProtected: (branch: string) => `the branch ${branch} is not protected: built, but not published`,
  event: (name: string) => `${name} is not an event that starts anything`,
} as const;
