import { randomUUID } from "node:crypto";
import { mkdirSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { Log } from "../../ports.ts";
import { runAnonymously } from "./access.ts";
import { decodePath, placeOf } from "./address.ts";
import { openFiles } from "./files.ts";
import { operationOf } from "./operations.ts";
import { isRefusal, refusal } from "./refusal.ts";
import { type Credentials, type SignedRequest, signerOf } from "./signature.ts";
import { isFileKnown, openStore, type Store } from "./store.ts";
import type { Backend, Call, Operation, Reply } from "./wire.ts";
import { xmlDocument } from "./xml.ts";

/** An error to answer with: before the operation has an effect, or (`after`) when it has had it. */
export interface Fault {
  readonly status: number;
  readonly code: string;
  readonly after?: boolean;
}

export interface S3Options {
  /** Where the state is kept; one server at a time. */
  readonly dir: string;
  /** 0: any free one. */
  readonly port: number;
  readonly credentials: Credentials;
  /** Asked before each operation; a form upload has no key yet. */
  readonly faults?: ((operation: Operation) => Fault | undefined) | undefined;
  /** Milliseconds since 1970. */
  readonly now?: (() => number) | undefined;
  /** Told of errors that are ours. */
  readonly log?: Log | undefined;
}

export interface S3Server {
  /** `http://127.0.0.1:<port>`: buckets are addressed by path. */
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

/** Starts an S3 on loopback whose state lives in a directory and survives a kill at any moment. */
export async function startS3(options: S3Options): Promise<S3Server> {
  mkdirSync(options.dir, { recursive: true });
  const store = openStore(join(options.dir, "s3.sqlite"));
  try {
    return await serveFrom(store, options);
  } catch (error) {
    store.close();
    throw error;
  }
}

async function serveFrom(store: Store, options: S3Options): Promise<S3Server> {
  const files = await openFiles(options.dir, (file) => isFileKnown(store, file));
  const backend: Backend = { store, files, now: options.now ?? Date.now };
  const running = new Set<Promise<void>>();
  const server = createServer((request, response) => {
    const work = serve(backend, options, { request, response });
    running.add(work);
    void work.finally(() => running.delete(work));
  });
  server.requestTimeout = 0;
  server.keepAliveTimeout = 75_000;
  const port = await listen(server, options.port);
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    async close() {
      server.close();
      server.closeAllConnections();
      await Promise.allSettled(running);
      store.close();
    },
  };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      server.off("error", reject);
      const address = server.address();
      resolve(typeof address === "object" && address ? address.port : port);
    });
  });
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

async function serve(backend: Backend, options: S3Options, { request, response }: Exchange): Promise<void> {
  response.setHeader("x-amz-request-id", randomUUID());
  response.setHeader("date", new Date(backend.now()).toUTCString());
  // Whoever stops reading still has an answer to send over this socket.
  const body: AsyncIterableIterator<Uint8Array> = request.iterator({ destroyOnReturn: false });
  try {
    const reply = await answer(backend, options, read(request, body));
    await send(reply, { request, response });
  } catch (error) {
    if (!isRefusal(error) && !request.destroyed) {
      options.log?.("s3 failed", { url: request.url?.split("?")[0], error: String(error) });
    }
    if (response.headersSent) response.destroy();
    else await send(errorReply(error), { request, response }).catch(() => response.destroy());
  }
  // What nobody read of the request is in the way of the next one.
  await body.return?.();
  request.resume();
}

interface Incoming {
  readonly call: Call;
  readonly signed: SignedRequest;
}

async function answer(backend: Backend, options: S3Options, { call, signed }: Incoming): Promise<Reply> {
  const operation = operationOf(call, options.credentials);
  const signer = signerOf(signed, options.credentials, backend.now());
  const fault = options.faults?.({ name: operation.name, bucket: call.bucket, key: call.key });
  if (fault && !fault.after) throw refusal(fault.status, fault.code);
  const reply = await (signer !== undefined || operation.formSigned
    ? operation.run(backend, call)
    : runAnonymously(backend, call, operation));
  if (!fault) return reply;
  if (typeof reply.body === "object") reply.body.destroy();
  throw refusal(fault.status, fault.code);
}

function read(request: IncomingMessage, body: AsyncIterable<Uint8Array>): Incoming {
  const target = request.url ?? "";
  if (!target.startsWith("/")) throw refusal(400, "InvalidURI");
  const [path = "/"] = target.split("?", 1);
  const query = new URLSearchParams(target.slice(path.length + 1));
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, [value ?? ""].flat().join(",")]),
  );
  const method = request.method ?? "";
  // S3 ignores checksums here, and the SDK puts that of an empty body into every presigned PUT.
  const carried = [...query].filter(([name]) => /^x-amz-(?!checksum-|sdk-)/.test(name));
  const call: Call = {
    ...placeOf(decodePath(path.slice(1))),
    method,
    query,
    headers: { ...headers, ...Object.fromEntries(carried) },
    body,
  };
  return { call, signed: { method, path, query, headers } };
}

async function send(reply: Reply, { request, response }: Exchange): Promise<void> {
  const { status, headers = {}, body } = reply;
  const text = typeof body === "string" ? Buffer.from(body) : undefined;
  response.writeHead(status, { ...headers, ...(text ? { "content-length": text.length } : {}) });
  if (typeof body === "object") return pipeline(body, response);
  response.end(request.method === "HEAD" ? undefined : text);
}

function errorReply(error: unknown): Reply {
  const { status, code, message, details } = isRefusal(error)
    ? error
    : refusal(500, "InternalError", { message: String(error) });
  const body = xmlDocument("Error", { Code: code, Message: message, ...details });
  return { status, headers: { "content-type": "application/xml" }, body };
}
