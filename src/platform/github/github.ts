import type { At, GitHub } from "../../ports-github.ts";
import { checksOn } from "./checks.ts";
import { type Clients, orMissing, READS } from "./client.ts";
import { commentsOn } from "./comments.ts";
import { contentsOf } from "./contents.ts";
import { peopleOf } from "./people.ts";
import { proposalsOn } from "./proposals.ts";
import { releasesOn } from "./releases.ts";

/** GitHub's REST API as the bot needs it, through Octokit. */
export function octokitGitHub(clients: Clients, appId: number): GitHub {
  // Where the app is no longer installed there is no token to be had: 404, as for what is gone itself.
  const read = (at: At) => clients.in(at, READS);
  const named = ({ owner, name }: At) => ({ owner, repo: name });
  return {
    async pull(at, number) {
      const octokit = await orMissing(read(at));
      const asked = octokit?.rest.pulls.get({ ...named(at), pull_number: number });
      const answer = asked && (await orMissing(asked));
      if (!answer) return undefined;
      const { state, head, base, user, title, body, draft, closed_at, merged } = answer.data;
      return {
        number,
        isOpen: state === "open",
        sha: head.sha,
        // GitHub's schema does not say so, but the fork may have been deleted.
        headRepo: (head.repo as { id: number } | null)?.id ?? null,
        headOwner: (head.repo as { owner: { id: number } } | null)?.owner.id ?? null,
        base: { branch: base.ref, sha: base.sha, defaultBranch: base.repo.default_branch },
        author: { id: user.id, login: user.login },
        title,
        description: body ?? "",
        ...(closed_at !== null && { closed: { at: closed_at, isMerged: merged } }),
        isDraft: draft ?? false,
      };
    },
    async branch(at, name) {
      const octokit = await orMissing(read(at));
      const asked = octokit?.rest.repos.getBranch({ ...named(at), branch: name });
      const answer = asked && (await orMissing(asked));
      return answer && { sha: answer.data.commit.sha, isProtected: answer.data.protected };
    },
    async defaultBranch(at) {
      const octokit = await orMissing(read(at));
      return octokit && (await orMissing(octokit.rest.repos.get(named(at))))?.data.default_branch;
    },
    async isPublic(at) {
      const octokit = await orMissing(read(at));
      const there = octokit && (await orMissing(octokit.rest.repos.get(named(at))));
      return there?.data.id === at.id && !there.data.private;
    },
    ...contentsOf(clients),
    ...peopleOf(clients),
    ...checksOn(clients, appId),
    ...commentsOn(clients, appId),
    ...releasesOn(clients),
    ...proposalsOn(clients),
  };
}
