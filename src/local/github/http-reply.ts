import { createHash, randomUUID } from "node:crypto";
import type { Reply } from "./operation.ts";
import { isRefusal, refuse, type Refusal } from "./refusal.ts";

/** JSON of a request, however it calls itself; undefined for anything else. */
export const parseBody = (request: Request, raw: Uint8Array): unknown => {
  if (raw.length === 0 || !/json|text\/plain|^$/.test(request.headers.get("content-type") ?? ""))
    return undefined;
  try {
    return JSON.parse(Buffer.from(raw).toString());
  } catch (cause) {
    if (!/json/.test(request.headers.get("content-type") ?? "")) return undefined;
    throw Object.assign(refuse(400, "Problems parsing JSON"), { cause });
  }
};

const refusalOf = (thrown: unknown): Refusal["refusal"] =>
  isRefusal(thrown) ? thrown.refusal : { status: 500 };

/** What was thrown, as GitHub answers it. */
export const errorReply = (thrown: unknown, headers: Readonly<Record<string, string>>): Reply => {
  const { status, errors, headers: more } = refusalOf(thrown);
  const message = isRefusal(thrown) ? thrown.message : "Server Error";
  return {
    status,
    body: {
      message,
      ...(errors ? { errors } : {}),
      ...(more?.["location"] ? { url: more["location"] } : {}),
      documentation_url: "https://docs.github.com/rest",
      status: String(status),
    },
    headers: { ...headers, ...more },
  };
};

export const respond = (request: Request, { status, body, headers = {} }: Reply): Response => {
  const common = {
    "x-github-request-id": randomUUID(),
    "x-github-media-type": "github.v3; format=json",
    ...headers,
  };
  if (body === undefined) return new Response(null, { status, headers: common });
  if (body instanceof Uint8Array) return new Response(Buffer.from(body), { status, headers: common });
  const text = JSON.stringify(body);
  const etag = `W/"${createHash("sha256").update(text).digest("hex")}"`;
  const known = request.method === "GET" && status === 200 && request.headers.get("if-none-match") === etag;
  if (known) return new Response(null, { status: 304, headers: { ...common, etag } });
  return new Response(text, {
    status,
    headers: { ...common, etag, "content-type": "application/json; charset=utf-8" },
  });
};
