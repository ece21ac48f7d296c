import type { At, GitHub } from "../../ports.ts";
import { checksOn } from "./checks.ts";
import { type Clients, orMissing } from "./client.ts";
import { commentsOn } from "./comments.ts";
import { peopleOf } from "./people.ts";

/** GitHub's REST API as the bot needs it, through Octokit. */
export function octokitGitHub(clients: Clients, appId: number): GitHub {
  // Where the app is no longer installed there is no token to be had: 404, as for what is gone itself.
  const read = (at: At) => clients.in(at, { contents: "read", pull_requests: "read", metadata: "read" });
  const named = ({ owner, name }: At) => ({ owner, repo: name });
  return {
    async pull(at, number) {
      const octokit = await orMissing(read(at));
      const asked = octokit?.rest.pulls.get({ ...named(at), pull_number: number });
      const answer = asked && (await orMissing(asked));
      if (!answer) return undefined;
      const { state, head, base, user } = answer.data;
      return {
        number,
        isOpen: state === "open",
        sha: head.sha,
        // GitHub's schema does not say so, but the fork may have been deleted.
        headRepo: (head.repo as { id: number } | null)?.id ?? null,
        base: { branch: base.ref, sha: base.sha },
        author: { id: user.id, login: user.login },
      };
    },
    async branch(at, name) {
      const octokit = await orMissing(read(at));
      const asked = octokit?.rest.repos.getBranch({ ...named(at), branch: name });
      const answer = asked && (await orMissing(asked));
      return answer && { sha: answer.data.commit.sha, isProtected: answer.data.protected };
    },
    async paths(at, sha) {
      const { rest } = await read(at);
      const { data } = await rest.git.getTree({ ...named(at), tree_sha: sha, recursive: "1" });
      // GitHub cuts at 100,000 entries; what is cut off could be a recipe.
      if (data.truncated)
        throw new Error(`the tree of ${at.owner}/${at.name} at ${sha} is too large to list`);
      return data.tree.filter(({ type }) => type === "blob").map(({ path }) => path);
    },
    async file(at, path, ref) {
      const { rest } = await read(at);
      const raw = { mediaType: { format: "raw" } };
      const answer = await orMissing(rest.repos.getContent({ ...named(at), path, ref, ...raw }));
      const data: unknown = answer?.data;
      return typeof data === "string" ? data : undefined;
    },
    ...peopleOf(clients),
    ...checksOn(clients, appId),
    ...commentsOn(clients, appId),
  };
}
