import type { GitHub } from "../../ports-github.ts";
import { type Clients, orMissing, READS } from "./client.ts";

/** Who may do what in a repository, and what we may lend of it. */
export function peopleOf(clients: Clients): Pick<GitHub, "canWrite" | "readToken"> {
  return {
    async canWrite(at, { id, login }) {
      const { rest } = await clients.in(at, READS);
      const asked = rest.repos.getCollaboratorPermissionLevel({
        owner: at.owner,
        repo: at.name,
        username: login,
      });
      const answer = await orMissing(asked);
      // A login can be given up and taken by somebody else: only the id tells who is meant.
      if (answer?.data.user?.id !== id) return false;
      return answer.data.permission === "admin" || answer.data.permission === "write";
    },
    readToken: (at) => clients.token(at, { contents: "read" }),
  };
}
