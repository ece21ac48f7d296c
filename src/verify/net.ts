import { createHash } from "node:crypto";
import { amiss, findingOf } from "./finding.ts";
import { missing, otherContent, tooLong, unreachable } from "./words.ts";
import type { Measure } from "./words.ts";

/** What reading needs of the world. `patience`: milliseconds of silence after which an answer is given up. */
export interface Net {
  readonly fetch: (url: string, options: RequestInit) => Promise<Response>;
  readonly pause: (milliseconds: number) => Promise<unknown>;
  readonly patience: number;
}

/** A body as it arrives. */
export type Body = AsyncIterable<Uint8Array>;

/** Reads an address as a stream. If the way there fails (not if what is there is wrong), `use` begins anew. */
export function reading<T>(net: Net, url: string, use: (body: Body) => Promise<T>): Promise<T> {
  return trying(net, () => asking({ net, url, method: "GET" }, (_answer, body) => use(body)));
}

/** How many bytes are at an address, by what its server says. */
export function sizeAt(net: Net, url: string): Promise<number> {
  return trying(net, () =>
    asking({ net, url, method: "HEAD" }, async ({ headers }) => Number(headers.get("content-length") ?? -1)),
  );
}

/** Reads an address whole; what is longer than `limit` bytes is wrong. */
export async function whole(net: Net, url: string, limit = SMALL): Promise<Buffer> {
  return reading(net, url, async (body) => {
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of body) {
      size += chunk.length;
      if (size > limit) throw amiss(tooLong(url, limit));
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  });
}

/** Passes a body on, and throws at its end unless it was this content. */
export async function* holding(url: string, body: Body, expected: Required<Measure>): Body {
  const hash = createHash("sha256");
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    hash.update(chunk);
    // What is too long is wrong already; the rest is not worth its bytes.
    if (size > expected.size) break;
    yield chunk;
  }
  const actual = { size, sha256: hash.digest("hex") };
  if (size > expected.size) throw amiss(tooLong(url, expected.size));
  if (size !== expected.size || actual.sha256 !== expected.sha256)
    throw amiss(otherContent(url, expected, actual));
}

const SMALL = 16 * 1024 ** 2;
const ATTEMPTS = 3;
/** S3 answers 403 for what is not there, where nobody may list. */
const GONE: ReadonlySet<number> = new Set([403, 404, 410]);

async function trying<T>(net: Net, work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (findingOf(error)?.rule !== "unreachable" || attempt === ATTEMPTS) throw error;
      await net.pause(attempt * 500);
    }
  }
}

interface Question {
  readonly net: Net;
  readonly url: string;
  readonly method: "GET" | "HEAD";
}

async function asking<T>(
  { net, url, method }: Question,
  use: (answer: Response, body: Body) => Promise<T>,
): Promise<T> {
  const silence = watch(net.patience);
  const lost = (cause: unknown) => amiss(unreachable(url, lastWords(cause)));
  try {
    const answer = await net
      // Bytes as they are: a digest is of the file, not of how it travelled.
      .fetch(url, { method, signal: silence.signal, headers: { "accept-encoding": "identity" } })
      .catch((error: unknown) => {
        throw lost(error);
      });
    if (GONE.has(answer.status)) throw amiss(missing(url, answer.status));
    if (!answer.ok) throw amiss(unreachable(url, `the answer is ${answer.status}`));
    return await use(answer, listening(answer.body, { heard: silence.heard, lost }));
  } finally {
    silence.end();
  }
}

async function* listening(
  body: Body | null,
  { heard, lost }: { readonly heard: () => void; readonly lost: (cause: unknown) => Error },
): Body {
  const chunks = body?.[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await chunks?.next().catch((error: unknown) => {
        throw lost(error);
      });
      if (!next || next.done === true) return;
      heard();
      yield next.value;
    }
  } finally {
    await chunks?.return?.().catch(() => undefined);
  }
}

/** Ends what it watches when nothing is heard for so long, or when it is over. */
function watch(patience: number) {
  const control = new AbortController();
  const timer = setTimeout(() => control.abort(new Error(`silence for ${patience / 1000} s`)), patience);
  return {
    signal: control.signal,
    heard: () => void timer.refresh(),
    end: (): void => {
      clearTimeout(timer);
      control.abort();
    },
  };
}

function lastWords(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? lastWords(error.cause) : error.message || error.name;
}
