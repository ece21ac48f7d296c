import { execFileSync, spawn } from "node:child_process";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

const WHO = {
  GIT_AUTHOR_NAME: "A",
  GIT_AUTHOR_EMAIL: "a@example.org",
  GIT_COMMITTER_NAME: "A",
  GIT_COMMITTER_EMAIL: "a@example.org",
  GIT_AUTHOR_DATE: "1700000000 +0000",
  GIT_COMMITTER_DATE: "1700000000 +0000",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_CONFIG_GLOBAL: "/dev/null",
};

/** A file by its content, or an entry of another mode: `{ mode: "120000", text: target }`. */
export type Content = string | { readonly mode: string; readonly text?: string; readonly oid?: string };
export type Files = Readonly<Record<string, Content>>;

/** A bare repository whose commits are made from plain objects. */
export function makeRepository(root: string, name = "packages.git") {
  const dir = join(root, name);
  const git = (args: readonly string[], input: string | Buffer = "", env = {}) =>
    execFileSync("git", args, { input, env: { ...process.env, ...WHO, GIT_DIR: dir, ...env } })
      .toString()
      .trim();
  git(["init", "-q", "--bare", "-b", "main", dir]);
  git(["config", "uploadpack.allowFilter", "true"]);
  git(["config", "uploadpack.allowAnySHA1InWant", "true"]);
  const commit = (files: Files, parents: readonly string[] = [], ref = "refs/heads/main"): string => {
    const index = { GIT_INDEX_FILE: join(root, `${name}.index`) };
    git(["read-tree", "--empty"], "", index);
    const lines = Object.entries(files).map(([path, content]) => {
      const {
        mode,
        text = "",
        oid,
      } = typeof content === "string" ? { mode: "100644", text: content } : content;
      return `${mode} ${oid ?? git(["hash-object", "-w", "--stdin"], text)}\t${path}\0`;
    });
    git(["update-index", "-z", "--index-info"], lines.join(""), index);
    const tree = git(["write-tree"], "", index);
    const sha = git(["commit-tree", tree, ...parents.flatMap((one) => ["-p", one])], "a change\n");
    git(["update-ref", ref, sha]);
    return sha;
  };
  return { dir, git, commit };
}

/** Serves the repositories of `root` by git's own CGI, to bearers of `token` if there is one. */
export async function serveGit(root: string, token?: string) {
  const seen: { url: string; authorization: string | undefined }[] = [];
  const server = createServer((request, response) => {
    const { authorization } = request.headers;
    seen.push({ url: request.url ?? "", authorization });
    const expected = `Basic ${Buffer.from(`x-access-token:${token}`).toString("base64")}`;
    if (token && authorization !== expected) response.writeHead(401).end();
    else cgi(root, request, response);
  });
  return { ...(await listen(server)), seen };
}

function cgi(root: string, request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? "/", "http://localhost");
  const child = spawn("git", ["http-backend"], {
    env: {
      PATH: process.env["PATH"],
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: "1",
      PATH_INFO: url.pathname,
      QUERY_STRING: url.search.slice(1),
      REQUEST_METHOD: request.method,
      CONTENT_TYPE: request.headers["content-type"],
      HTTP_CONTENT_ENCODING: request.headers["content-encoding"],
      GIT_PROTOCOL: request.headers["git-protocol"]?.toString(),
    },
  });
  request.pipe(child.stdin);
  child.stdin.on("error", () => undefined);
  const chunks: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  child.on("close", () => {
    const all = Buffer.concat(chunks);
    const end = all.indexOf("\r\n\r\n");
    const headers = all.subarray(0, end).toString().split("\r\n");
    const pairs = headers.map((line) => line.split(": ") as [string, string]);
    const status = Number(pairs.find(([name]) => name === "Status")?.[1].slice(0, 3) ?? 200);
    response.writeHead(status, Object.fromEntries(pairs.filter(([name]) => name !== "Status")));
    response.end(all.subarray(end + 4));
  });
}

/** Listens on a free port of the loopback. */
export async function listen(server: Server) {
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const close = async () => {
    server.closeAllConnections();
    await new Promise<void>((resolve) => void server.close(() => resolve()));
  };
  return { origin: `http://127.0.0.1:${port}`, close };
}
