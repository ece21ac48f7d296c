import type { Probot } from "probot";
import type { BotEvent, RepoRef } from "./events.ts";
import { ledger } from "./words/ledger.ts";

interface Repository {
  readonly id: number;
  readonly name: string;
  readonly private: boolean;
  readonly default_branch: string;
  readonly owner: { readonly login: string; readonly id: number } | null;
}

/** The Probot app: hears GitHub and passes on, in our own words, what concerns us. */
export function app(pass: (event: BotEvent) => void) {
  return (probot: Probot): void => {
    probot.on(
      ["pull_request.opened", "pull_request.synchronize", "pull_request.reopened", "pull_request.closed"],
      ({ payload }) => {
        const kind = payload.action === "closed" ? "pull-closed" : "pull-changed";
        const repo = repoOf(payload);
        pass(repo ? { kind, repo, number: payload.pull_request.number } : NOT_INSTALLED);
      },
    );
    probot.on("push", ({ payload }) => {
      const repo = repoOf(payload);
      if (!repo) return pass(NOT_INSTALLED);
      if (!payload.ref.startsWith(HEADS)) return pass({ kind: "ignored", because: ledger.tag });
      if (payload.deleted) return pass({ kind: "ignored", because: ledger.deleted });
      return pass({ kind: "branch-pushed", repo, branch: payload.ref.slice(HEADS.length) });
    });
    probot.on("check_run.rerequested", ({ payload }) => {
      const repo = repoOf(payload);
      const externalId = payload.check_run.external_id;
      pass(
        repo && externalId
          ? { kind: "rerun-asked", repo, externalId }
          : { kind: "ignored", because: ledger.notOurCheck },
      );
    });
  };
}

const HEADS = "refs/heads/";
const NOT_INSTALLED = { kind: "ignored", because: ledger.notInstalled } as const;

function repoOf(payload: {
  readonly repository: Repository;
  readonly installation?: { readonly id: number } | undefined;
}): RepoRef | undefined {
  const { repository, installation } = payload;
  if (!installation || !repository.owner) return undefined;
  return {
    id: repository.id,
    owner: repository.owner.login,
    ownerId: repository.owner.id,
    name: repository.name,
    installation: installation.id,
    private: repository.private,
    defaultBranch: repository.default_branch,
  };
}
