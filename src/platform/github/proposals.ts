import type { Octokit } from "@octokit/rest";
import type { At, GitHub, NewCommit, NotTaken, Proposal } from "../../ports-github.ts";
import { type Clients, orMissing } from "./client.ts";
import { limitOf } from "./limit.ts";

/** Commits, branches and pull requests of our own: the only writing into a repository's content. */
export function proposalsOn(clients: Clients): Pick<GitHub, "writeCommit" | "propose"> {
  return {
    writeCommit: (at, commit) =>
      taken(async () => {
        const { rest } = await clients.in(at, { contents: "write" });
        return { kind: "written", sha: await commitOf(rest, at, commit) } as const;
      }),
    propose: (at, proposal) =>
      taken(async () => {
        const { rest } = await clients.in(at, { contents: "write", pull_requests: "write" });
        const isMoved = await moveBranch(rest, at, proposal);
        if (!isMoved) return { kind: "moved" } as const;
        return { kind: "open", number: await openPull(rest, at, proposal) } as const;
      }),
  };
}

type Rest = Octokit["rest"];

const named = ({ owner, name }: At) => ({ owner, repo: name });

async function taken<T>(
  write: () => Promise<T>,
): Promise<T | NotTaken | NonNullable<ReturnType<typeof limitOf>>> {
  try {
    return await write();
  } catch (error) {
    const limited = limitOf(error);
    if (limited) return limited;
    if (!(error instanceof Error) || !("status" in error) || !REFUSALS.has(error.status)) throw error;
    return { kind: "refused", because: error.message };
  }
}

const REFUSALS = new Set<unknown>([403, 404, 422]);

async function commitOf(
  rest: Rest,
  at: At,
  { base, after, message, files, gone = [] }: NewCommit,
): Promise<string> {
  const where = named(at);
  const { data: tree } = await rest.git.getTree({ ...where, tree_sha: base, recursive: "1" });
  const modes = new Map(tree.tree.map(({ path, mode }) => [path, mode]));
  const blob = (path: string) => ({
    path,
    type: "blob" as const,
    mode: modes.get(path) === "100755" ? ("100755" as const) : ("100644" as const),
  });
  const contents: { path: string; content?: string; sha?: string }[] = [];
  // One after the other: GitHub asks not to be written to in parallel.
  for (const [path, content] of Object.entries(files))
    contents.push({
      path,
      ...(typeof content === "string" ? { content } : { sha: await blobOf(rest, at, content) }),
    });
  const { data: made } = await rest.git.createTree({
    ...where,
    base_tree: tree.sha,
    tree: [
      ...contents.map((one) => ({ ...blob(one.path), ...one })),
      ...gone.filter((path) => modes.has(path)).map((path) => ({ ...blob(path), sha: null })),
    ],
  });
  const parents = after === undefined || after === base ? [base] : [after, base];
  const { data } = await rest.git.createCommit({ ...where, message, tree: made.sha, parents });
  return data.sha;
}

async function blobOf(rest: Rest, at: At, bytes: Uint8Array): Promise<string> {
  const content = Buffer.from(bytes).toString("base64");
  return (await rest.git.createBlob({ ...named(at), content, encoding: "base64" })).data.sha;
}

/** Only forward: what somebody else pushed meanwhile is never lost. */
async function moveBranch(rest: Rest, at: At, { branch, sha }: Proposal): Promise<boolean> {
  const where = named(at);
  const ref = `heads/${branch}`;
  if (!(await orMissing(rest.git.getRef({ ...where, ref })))) {
    await rest.git.createRef({ ...where, ref: `refs/${ref}`, sha });
    return true;
  }
  try {
    await rest.git.updateRef({ ...where, ref, sha, force: false });
    return true;
  } catch (error) {
    if (error instanceof Error && error.message.includes("fast forward")) return false;
    throw error;
  }
}

async function openPull(rest: Rest, at: At, { branch, base, title, body }: Proposal): Promise<number> {
  const where = named(at);
  const head = `${at.owner}:${branch}`;
  const { data: open } = await rest.pulls.list({ ...where, state: "open", head, base });
  const [first] = open;
  if (!first) return (await rest.pulls.create({ ...where, head: branch, base, title, body })).data.number;
  const { number } = first;
  if (first.title !== title || first.body !== body)
    await rest.pulls.update({ ...where, pull_number: number, title, body });
  return number;
}
