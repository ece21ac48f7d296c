import type { GitHub } from "../../ports-github.ts";
import { type Clients, orMissing, READS } from "./client.ts";
import { limitOf } from "./limit.ts";

interface Comment {
  readonly body?: string | undefined;
  readonly performed_via_github_app?: { readonly id: number } | null | undefined;
}

/** The one comment on a pull request that is edited in place: ours, and with our marker in it. */
export function commentsOn(clients: Clients, appId: number): Pick<GitHub, "comment" | "say" | "react"> {
  return {
    async comment(at, number, { marker, id }) {
      const octokit = await clients.in(at, READS);
      const where = { owner: at.owner, repo: at.name };
      const isOurs = ({ body, performed_via_github_app: app }: Comment) =>
        app?.id === appId && body?.startsWith(marker);
      const known =
        id === undefined
          ? undefined
          : await orMissing(octokit.rest.issues.getComment({ ...where, comment_id: id }));
      if (known && isOurs(known.data)) return { id: known.data.id, body: known.data.body ?? "" };
      const pages = octokit.paginate.iterator(octokit.rest.issues.listComments, {
        ...where,
        issue_number: number,
        per_page: 100,
      });
      for await (const { data } of pages) {
        const ours = data.find(isOurs);
        if (ours) return { id: ours.id, body: ours.body ?? "" };
      }
      return undefined;
    },
    async say(at, number, { body, id }) {
      const { rest } = await clients.in(at, { pull_requests: "write" });
      const where = { owner: at.owner, repo: at.name, body };
      const written =
        id === undefined
          ? rest.issues.createComment({ ...where, issue_number: number })
          : orMissing(rest.issues.updateComment({ ...where, comment_id: id }));
      try {
        const answer = await written;
        return answer ? { kind: "written", id: answer.data.id } : { kind: "gone" };
      } catch (error) {
        const limited = limitOf(error);
        if (limited) return limited;
        throw error;
      }
    },
    async react(at, comment, content) {
      const { rest } = await clients.in(at, { pull_requests: "write" });
      const where = { owner: at.owner, repo: at.name, comment_id: comment };
      // A comment that was deleted meanwhile needs no answer.
      await orMissing(rest.reactions.createForIssueComment({ ...where, content }));
    },
  };
}
