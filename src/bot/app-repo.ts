import type { RepoRef } from "./events.ts";
import { ledger } from "./words/ledger.ts";

interface Repository {
  readonly id: number;
  readonly node_id: string;
  readonly name: string;
  readonly private: boolean;
  readonly default_branch: string;
  readonly owner: { readonly login: string; readonly id: number } | null;
}

/** A delivery that no installation of ours got. */
export const NOT_INSTALLED = { kind: "ignored", because: ledger.notInstalled } as const;

/** The repository that a payload speaks of, if it came through an installation. */
export function repoOf(payload: {
  readonly repository: Repository;
  readonly installation?: { readonly id: number } | undefined;
}): RepoRef | undefined {
  const { repository, installation } = payload;
  if (!installation || !repository.owner) return undefined;
  return {
    id: repository.id,
    node: repository.node_id,
    owner: repository.owner.login,
    ownerId: repository.owner.id,
    name: repository.name,
    installation: installation.id,
    private: repository.private,
    defaultBranch: repository.default_branch,
  };
}
