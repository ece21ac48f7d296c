import type { GitHub } from "../../ports.ts";
import { type Clients, orMissing, READS } from "./client.ts";

/** The one comment on a pull request that is edited in place: ours, and with our marker in it. */
export function commentsOn(clients: Clients, appId: number): Pick<GitHub, "comment" | "say" | "react"> {
  return {
    async comment(at, number, marker) {
      const octokit = await clients.in(at, READS);
      const pages = octokit.paginate.iterator(octokit.rest.issues.listComments, {
        owner: at.owner,
        repo: at.name,
        issue_number: number,
        per_page: 100,
      });
      for await (const { data } of pages) {
        const ours = data.find(
          ({ body, performed_via_github_app: app }) => app?.id === appId && body?.startsWith(marker),
        );
        if (ours) return { id: ours.id, body: ours.body ?? "" };
      }
      return undefined;
    },
    async say(at, number, { body, id }) {
      const { rest } = await clients.in(at, { pull_requests: "write" });
      const where = { owner: at.owner, repo: at.name, body };
      if (id === undefined) await rest.issues.createComment({ ...where, issue_number: number });
      else await rest.issues.updateComment({ ...where, comment_id: id });
    },
    async react(at, comment, content) {
      const { rest } = await clients.in(at, { pull_requests: "write" });
      const where = { owner: at.owner, repo: at.name, comment_id: comment };
      // A comment that was deleted meanwhile needs no answer.
      await orMissing(rest.reactions.createForIssueComment({ ...where, content }));
    },
  };
}
