import type { BranchRules, Repository } from "./state.ts";

/** What may be asked of a protected branch. */
export interface Protection {
  /** Names of checks that must be green before a merge. */
  readonly checks?: readonly string[] | undefined;
  /** Merge by the merge queue alone. */
  readonly queue?: boolean | undefined;
  /** How long a merge group waits for its checks; 60 if absent. */
  readonly timeoutMinutes?: number | undefined;
}

const usualTimeoutMinutes = 60;

/** Protects a branch, or changes what its protection asks for. */
export const protect = (repository: Repository, branch: string, wanted: Protection): void => {
  if (!repository.protectedBranches.includes(branch)) repository.protectedBranches.push(branch);
  const { checks = [], queue = false, timeoutMinutes = usualTimeoutMinutes } = wanted;
  repository.rules = { ...repository.rules, [branch]: { checks: [...checks], queue, timeoutMinutes } };
};

export const rulesOf = ({ rules }: Repository, branch: string): BranchRules | undefined => rules?.[branch];

/** The protection of a branch as `GET branches` shows it. */
export const protectionView = (repository: Repository, branch: string) => {
  const enabled = repository.protectedBranches.includes(branch);
  const checks = rulesOf(repository, branch)?.checks ?? [];
  return {
    enabled,
    required_status_checks: {
      enforcement_level: checks.length > 0 ? "everyone" : "off",
      contexts: [...checks],
      checks: checks.map((context) => ({ context, app_id: null })),
    },
  };
};
