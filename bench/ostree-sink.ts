import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

interface Kept {
  readonly size: number;
  readonly etag: string;
  readonly at: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer;
}

interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | string;
}

/** Bodies up to here are kept: refs, summaries. Of others only what they were. */
const SMALL = 4096;
const PAGE = 1000;

/** An S3 that forgets bodies and counts requests: light, so that what is measured are its clients. Who asks is not checked. */
export async function openSink() {
  const objects = new Map<string, Kept>();
  const counts = new Map<string, number>();
  const count = (what: string): void => void counts.set(what, (counts.get(what) ?? 0) + 1);
  const server = createServer((request, response) => {
    void answer(request).then(({ status, headers = {}, body = "" }) => {
      const length = headers["content-length"] ?? String(Buffer.byteLength(body));
      response.writeHead(status, { ...headers, "content-length": length });
      response.end(request.method === "HEAD" ? undefined : body);
    });
  });
  const answer = async (request: IncomingMessage): Promise<Answer> => {
    const url = new URL(request.url ?? "", "http://sink");
    const key = decodeURIComponent(url.pathname).split("/").slice(2).join("/");
    const { method = "" } = request;
    const isList = key === "" && method === "GET";
    count(isList ? "LIST" : method);
    if (isList) return listed(objects, url.searchParams);
    if (key === "") return { status: 200 };
    return method === "PUT" ? put(objects, key, request) : look(objects.get(key), method);
  };
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    objects,
    /** The requests since the last time, by what they ask. */
    counts(): Readonly<Record<string, number>> {
      const now = Object.fromEntries(counts);
      counts.clear();
      return now;
    },
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

function look(kept: Kept | undefined, method: string): Answer {
  if (!kept) return { status: 404, body: "<Error><Code>NoSuchKey</Code></Error>" };
  const headers = { ...kept.headers, etag: kept.etag, "last-modified": new Date(kept.at).toUTCString() };
  if (method === "HEAD") return { status: 200, headers: { ...headers, "content-length": String(kept.size) } };
  return { status: 200, headers, body: kept.body ?? "" };
}

async function put(objects: Map<string, Kept>, key: string, request: IncomingMessage): Promise<Answer> {
  const body = await buffer(request);
  const there = objects.get(key);
  const { "if-match": match, "if-none-match": none } = request.headers;
  if ((none === "*" && there) || (match !== undefined && there?.etag !== match))
    return { status: 412, body: "<Error><Code>PreconditionFailed</Code></Error>" };
  const etag = `"${createHash("md5").update(body).digest("hex")}"`;
  const told = Object.entries(request.headers).filter(([name]) => name.startsWith("x-amz-meta-"));
  objects.set(key, {
    size: body.length,
    etag,
    at: new Date().toISOString(),
    headers: Object.fromEntries(told.map(([name, value]) => [name, String(value)])),
    ...(body.length <= SMALL && { body }),
  });
  return { status: 200, headers: { etag } };
}

function listed(objects: ReadonlyMap<string, Kept>, query: URLSearchParams): Answer {
  if (query.has("location")) return { status: 200, body: xml("LocationConstraint", "") };
  const word = (...names: readonly string[]) => names.map((name) => query.get(name)).find(Boolean) ?? "";
  const [prefix, delimiter] = [word("prefix"), word("delimiter")];
  const after = word("continuation-token", "start-after", "marker");
  const nameOf = (key: string): string => {
    const end = delimiter === "" ? -1 : key.indexOf(delimiter, prefix.length);
    return end < 0 ? key : key.slice(0, end + 1);
  };
  const names = [...objects.keys()].filter((key) => key.startsWith(prefix)).map(nameOf);
  const rest = [...new Set(names)].filter((name) => name > after).toSorted();
  const page = rest.slice(0, PAGE);
  const more = rest.length > PAGE;
  const last = page.at(-1) ?? "";
  const next = `<NextMarker>${last}</NextMarker><NextContinuationToken>${last}</NextContinuationToken>`;
  const items = page.map((name) => {
    const kept = objects.get(name);
    return kept ? entry(name, kept) : `<CommonPrefixes><Prefix>${name}</Prefix></CommonPrefixes>`;
  });
  const all = [`<IsTruncated>${more}</IsTruncated>`, more ? next : "", ...items].join("");
  return { status: 200, body: xml("ListBucketResult", all) };
}

const entry = (key: string, kept: Kept): string =>
  `<Contents><Key>${key}</Key><LastModified>${kept.at}</LastModified><ETag>${kept.etag}</ETag><Size>${kept.size}</Size><StorageClass>STANDARD</StorageClass></Contents>`;

const xml = (root: string, content: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?><${root} xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${content}</${root}>`;
