import type { At, GitHub, ReleasePage, ReleaseWritten } from "../../ports-github.ts";
import { type Clients, orMissing, READS } from "./client.ts";
import { limitOf } from "./limit.ts";

/** GitHub Releases: found by their tags. Only writing them asks for more than reading. */
export function releasesOn(clients: Clients): Pick<GitHub, "release" | "writeRelease"> {
  const named = ({ owner, name }: At) => ({ owner, repo: name });
  return {
    async release(at, tag) {
      const { rest } = await clients.in(at, READS);
      const answer = await orMissing(rest.repos.getReleaseByTag({ ...named(at), tag }));
      return answer && { id: answer.data.id, body: answer.data.body ?? "", url: answer.data.html_url };
    },
    async writeRelease(at, page) {
      try {
        return await write(clients, at, page);
      } catch (error) {
        const limited = limitOf(error);
        if (limited) return limited;
        if (!isRefusal(error)) throw error;
        return { kind: "refused", because: error.message };
      }
    },
  };
}

async function write(
  clients: Clients,
  at: At,
  { tag, sha, name, body, id }: ReleasePage,
): Promise<ReleaseWritten> {
  const { rest } = await clients.in(at, { contents: "write" });
  const where = { owner: at.owner, repo: at.name };
  const answer =
    id === undefined
      ? await rest.repos.createRelease({ ...where, tag_name: tag, target_commitish: sha, name, body })
      : await rest.repos.updateRelease({ ...where, release_id: id, body });
  return { kind: "written", url: answer.data.html_url };
}

/** The app was not given the right, or the repository's rules forbid it: asking again changes nothing. That somebody was
 *  faster is none. */
function isRefusal(error: unknown): error is Error {
  if (!(error instanceof Error) || !("status" in error)) return false;
  return (error.status === 403 || error.status === 422) && !error.message.includes("already_exists");
}
