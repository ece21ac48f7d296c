import { z } from "zod";
import { commitFiles } from "./bare-write.ts";
import { gitCommitView, signatureOf } from "./commit-view.ts";
import type { Json } from "./fill.ts";
import {
  actor,
  ok,
  onRepository,
  param,
  readBody,
  type Operation,
  type Reply,
  type RepositoryCall,
} from "./operation.ts";
import { refMoved } from "./ref-moved.ts";
import { found, refuse } from "./refusal.ts";
import { repositoryUrls } from "./repository-view.ts";
import type { TreeEntry } from "./trees.ts";

/** Beyond this GitHub gives content only raw. */
const largestInJson = 1_048_576;

const kinds = { tree: "dir", commit: "submodule", blob: "file" } as const;

interface FileAt {
  readonly entry: Pick<TreeEntry, "type" | "mode" | "sha" | "size">;
  readonly path: string;
  readonly ref: string;
  readonly bytes?: Uint8Array | undefined;
}

const fileView = ({ world, repository }: RepositoryCall, { entry, path, ref, bytes }: FileAt): Json => {
  const urls = repositoryUrls(world, repository);
  const encoded = path.split("/").map(encodeURIComponent).join("/");
  const self = `${urls.api}/contents/${encoded}?ref=${encodeURIComponent(ref)}`;
  const data = `${urls.api}/git/${entry.type}s/${entry.sha}`;
  const html = `${urls.html}/${entry.type}/${ref}/${encoded}`;
  return {
    type: entry.mode === "120000" ? "symlink" : kinds[entry.type],
    name: path.slice(path.lastIndexOf("/") + 1),
    path,
    sha: entry.sha,
    size: entry.size ?? 0,
    url: self,
    git_url: data,
    html_url: html,
    download_url: entry.type === "blob" ? `${urls.html}/raw/${ref}/${encoded}` : null,
    _links: { self, git: data, html },
    ...(bytes ? contentOf(bytes) : {}),
  };
};

const contentOf = (bytes: Uint8Array): Json => {
  if (bytes.length > largestInJson) return { encoding: "none", content: "" };
  const lines = Buffer.from(bytes)
    .toString("base64")
    .replaceAll(/(.{60})/g, "$1\n");
  return { encoding: "base64", content: lines.endsWith("\n") || lines === "" ? lines : `${lines}\n` };
};

const getContents = async (call: RepositoryCall): Promise<Reply> => {
  const { bare, repository, url } = call;
  const path = param(call, "path").replaceAll(/^\/+|\/+$/g, "");
  const ref = url.searchParams.get("ref") ?? repository.defaultBranch;
  const sha = found(await bare.commit(ref), `No commit found for the ref ${ref}`);
  const object = found(await bare.objects.info(`${sha}:${path}`));
  if (object.type === "tree") {
    const entries = await bare.tree(`${sha}:${path}`, false);
    const views = entries.slice(0, 1000).map((entry) => {
      const whole = path === "" ? entry.path : `${path}/${entry.path}`;
      return fileView(call, { entry, path: whole, ref });
    });
    return ok(views);
  }
  const entry = found(await bare.entry(sha, path));
  const { bytes } = found(await bare.objects.contents(entry.sha));
  if (/\braw\b/.test(call.headers.get("accept") ?? ""))
    return {
      status: 200,
      body: new Uint8Array(bytes),
      headers: { "content-type": "application/vnd.github.raw+json; charset=utf-8" },
    };
  return ok(fileView(call, { entry, path, ref, bytes }));
};

const Person = z.object({ name: z.string(), email: z.string(), date: z.string().optional() });
const NewContent = z.object({
  message: z.string(),
  content: z.base64().optional(),
  sha: z.string().optional(),
  branch: z.string().optional(),
  author: Person.optional(),
});

/** Writes or (`DELETE`) removes one file as a commit of its own. */
const changeContents = async (call: RepositoryCall, remove: boolean): Promise<Reply> => {
  const { world, repository, bare } = call;
  const input = readBody(call, NewContent, "Commit");
  const path = param(call, "path");
  const branch = input.branch ?? repository.defaultBranch;
  const ref = `refs/heads/${branch}`;
  const before = found(await bare.ref(ref), `Branch ${branch} not found`);
  const held = await bare.entry(before, path);
  if (remove) found(held);
  if (held && !input.sha) throw refuse(422, `Invalid request.\n\n"sha" wasn't supplied.`);
  if (held && held.sha !== input.sha) throw refuse(409, `${path} does not match ${input.sha}`);
  const by = actor(call);
  const after = await commitFiles(bare, {
    branch,
    from: before,
    message: input.message,
    author: { ...signatureOf(world, by), ...definedOnly(input.author) },
    files: { [path]: remove ? null : Buffer.from(input.content ?? "", "base64") },
  });
  await refMoved(world, { repository, ref, before, after, by });
  const entry = await bare.entry(after, path);
  const content = entry ? fileView(call, { entry, path, ref: branch }) : null;
  const commit = gitCommitView(world, repository, await bare.info(after));
  return { status: held ? 200 : 201, body: { content, commit } };
};

const definedOnly = (person: z.infer<typeof Person> | undefined) =>
  person ? { name: person.name, email: person.email, ...(person.date ? { date: person.date } : {}) } : {};

export const contentOperations: readonly Operation[] = [
  {
    ...onRepository("GET /repos/{owner}/{repo}/contents", "contents:read", getContents),
    describedBy: "/repos/{owner}/{repo}/contents/{path}",
  },
  onRepository("GET /repos/{owner}/{repo}/contents/{path}", "contents:read", getContents),
  onRepository("PUT /repos/{owner}/{repo}/contents/{path}", "contents:write", (call) =>
    changeContents(call, false),
  ),
  onRepository("DELETE /repos/{owner}/{repo}/contents/{path}", "contents:write", (call) =>
    changeContents(call, true),
  ),
];
