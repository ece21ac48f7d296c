import { spawn } from "node:child_process";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { actorOf, authenticate, type Caller } from "./auth.ts";
import { meetFault } from "./faults.ts";
import { gitEnvironment } from "./git.ts";
import { admit } from "./permissions.ts";
import { refMoved } from "./ref-moved.ts";
import { isRefusal, refuse } from "./refusal.ts";
import type { Repository } from "./state.ts";
import { tendQueues } from "./tend-queue.ts";
import { repositoryByName, type World } from "./world.ts";

export interface GitRequest {
  readonly owner: string;
  /** Without `.git`. */
  readonly name: string;
  readonly service: "info/refs" | "git-upload-pack" | "git-receive-pack";
  readonly request: Request;
}

/** Clone, fetch and push over HTTP by `git http-backend`; a push is followed by what its refs bring about. */
export const serveGit = async (world: World, asked: GitRequest): Promise<Response> => {
  const pushing = serviceOf(asked) === "git-receive-pack";
  try {
    await meetFault(world.faults, pushing ? "git/receive-pack" : "git/upload-pack");
    const caller = await authenticate(world, asked.request.headers.get("authorization"));
    const repository = admitted(world, asked, { caller, pushing });
    if (!pushing) return await runBackend(world, repository, asked);
    if (asked.service === "info/refs") return await runBackend(world, repository, asked);
    const answer = await world.lock(repository.id, () => receive(world, repository, { asked, caller }));
    await tendQueues(world);
    return answer;
  } catch (thrown) {
    if (!isRefusal(thrown)) throw thrown;
    return refused(thrown.refusal.status, thrown.message);
  }
};

const serviceOf = ({ service, request }: GitRequest): string | null =>
  service === "info/refs" ? new URL(request.url).searchParams.get("service") : service;

const admitted = (
  world: World,
  { owner, name }: GitRequest,
  { caller, pushing }: { caller: Caller; pushing: boolean },
): Repository => {
  const repository = repositoryByName(world, owner, name);
  // Anonymous git is asked for its name before it is told that there is nothing.
  if (caller.kind === "nobody" && (pushing || !repository || repository.private))
    throw refuse(401, "Authentication required.");
  if (!repository) throw refuse(404, "Repository not found.");
  admit(caller, { repository, need: pushing ? "contents:write" : "contents:read" });
  return repository;
};

const refused = (status: number, message: string): Response =>
  new Response(`${message}\n`, {
    status,
    headers: {
      "content-type": "text/plain",
      ...(status === 401 ? { "www-authenticate": 'Basic realm="GitHub"' } : {}),
    },
  });

const receive = async (
  world: World,
  repository: Repository,
  { asked, caller }: { asked: GitRequest; caller: Caller },
): Promise<Response> => {
  const bare = world.bare(repository);
  const before = await bare.refs();
  const response = await runBackend(world, repository, asked);
  // The client hears of its push only when the refs are known to have moved.
  const report = await response.arrayBuffer();
  const after = await bare.refs();
  const by = actorOf(world, caller);
  for (const ref of new Set([...before.keys(), ...after.keys()]))
    await refMoved(world, { repository, ref, before: before.get(ref), after: after.get(ref), by });
  return new Response(report, { status: response.status, headers: response.headers });
};

const runBackend = async (
  world: World,
  repository: Repository,
  { service, request }: GitRequest,
): Promise<Response> => {
  const { headers } = request;
  const length = headers.get("content-encoding") ? null : headers.get("content-length");
  const child = spawn("git", ["http-backend"], {
    env: {
      ...gitEnvironment,
      GIT_PROJECT_ROOT: world.bare(repository).dir,
      GIT_HTTP_EXPORT_ALL: "1",
      PATH_INFO: `/${service}`,
      REQUEST_METHOD: request.method,
      QUERY_STRING: new URL(request.url).search.slice(1),
      CONTENT_TYPE: headers.get("content-type") ?? "",
      REMOTE_USER: "git",
      REMOTE_ADDR: "127.0.0.1",
      ...(headers.get("git-protocol") ? { GIT_PROTOCOL: headers.get("git-protocol") ?? "" } : {}),
      ...(length ? { CONTENT_LENGTH: length } : {}),
    },
  });
  child.on("error", (error) => world.log("git http-backend did not start", { error: String(error) }));
  child.stderr.on("data", (words: Buffer) => world.log("git http-backend", { words: words.toString() }));
  void feed(request, child.stdin).catch(() => child.stdin.destroy());
  return cgiResponse(child.stdout);
};

const feed = async (request: Request, stdin: NodeJS.WritableStream): Promise<void> => {
  if (!request.body) return void stdin.end();
  const body = Readable.fromWeb(request.body);
  if (request.headers.get("content-encoding") === "gzip") await pipeline(body, createGunzip(), stdin);
  else await pipeline(body, stdin);
};

/** Reads a CGI answer: header lines, an empty line, the rest as it comes. */
const cgiResponse = async (stdout: Readable): Promise<Response> => {
  const parts = stdout[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let seen = Buffer.alloc(0);
  let end = -1;
  while (end < 0) {
    const next = await parts.next();
    if (next.done) throw new Error("git http-backend said nothing");
    seen = Buffer.concat([seen, next.value]);
    end = seen.indexOf("\r\n\r\n");
  }
  const headers = new Headers();
  for (const line of seen.subarray(0, end).toString().split("\r\n")) {
    const colon = line.indexOf(":");
    headers.append(line.slice(0, colon), line.slice(colon + 1).trim());
  }
  const status = Number.parseInt(headers.get("status") ?? "200", 10);
  headers.delete("status");
  return new Response(rest(seen.subarray(end + 4), parts), { status, headers });
};

const rest = (first: Buffer, parts: AsyncIterator<Buffer>): ReadableStream<Uint8Array> =>
  new ReadableStream({
    start: (out) => {
      if (first.length > 0) out.enqueue(first);
    },
    pull: async (out) => {
      const next = await parts.next();
      if (next.done) out.close();
      else out.enqueue(next.value);
    },
    cancel: async () => {
      await parts.return?.();
    },
  });
