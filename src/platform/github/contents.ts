import type { At, GitHub } from "../../ports-github.ts";
import { type Clients, orMissing, READS } from "./client.ts";

/** GitHub lists so many files of a comparison, and does not say that there are more. */
const COMPARE_MAX = 300;

/** A tag may name a tag; nobody means so many. */
const TAGS_MAX = 5;

/** What a commit holds, always asked for by SHA or by the default branch's name. */
export function contentsOf(clients: Clients): Pick<GitHub, "tag" | "reaches" | "paths" | "file" | "changed"> {
  const named = ({ owner, name }: At) => ({ owner, repo: name });
  return {
    async tag(at, name) {
      const { rest } = await clients.in(at, READS);
      const answer = await orMissing(rest.git.getRef({ ...named(at), ref: `tags/${name}` }));
      let object = answer?.data.object;
      for (let depth = 0; object?.type === "tag" && depth < TAGS_MAX; depth += 1)
        object = (await rest.git.getTag({ ...named(at), tag_sha: object.sha })).data.object;
      return object?.type === "commit" ? object.sha : undefined;
    },
    async reaches(at, head, sha) {
      const { rest } = await clients.in(at, READS);
      const basehead = `${sha}...${head}`;
      const asked = rest.repos.compareCommitsWithBasehead({ ...named(at), basehead, per_page: 1 });
      const status = (await orMissing(asked))?.data.status;
      return status === "ahead" || status === "identical";
    },
    async paths(at, sha) {
      const { rest } = await clients.in(at, READS);
      const { data } = await rest.git.getTree({ ...named(at), tree_sha: sha, recursive: "1" });
      // GitHub cuts at 100,000 entries; what is cut off could be a recipe.
      if (data.truncated)
        throw new Error(`the tree of ${at.owner}/${at.name} at ${sha} is too large to list`);
      return data.tree.filter(({ type }) => type === "blob").map(({ path }) => path);
    },
    async file(at, path, ref) {
      const { rest } = await clients.in(at, READS);
      const raw = { mediaType: { format: "raw" } };
      const answer = await orMissing(rest.repos.getContent({ ...named(at), path, ref, ...raw }));
      const data: unknown = answer?.data;
      return typeof data === "string" ? data : undefined;
    },
    async changed(at, base, head) {
      const { rest } = await clients.in(at, READS);
      const basehead = `${base}...${head}`;
      const { data } = await rest.repos.compareCommitsWithBasehead({ ...named(at), basehead, per_page: 1 });
      const files = data.files ?? [];
      if (files.length >= COMPARE_MAX) return "too-many";
      return files.flatMap(({ filename, previous_filename: old }) => (old ? [filename, old] : [filename]));
    },
  };
}
