import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout } from "node:timers/promises";
import type { Content } from "./gate.ts";

/** Reads an address into a file, at most `limit` bytes and one more, and says what came. */
export const download = (
  url: string,
  { file, limit }: { readonly file: string; readonly limit: number },
): Promise<Content> => measured(url, limit, createWriteStream(file));

/** Reads an address, at most `limit` bytes and one more, says what came, and keeps none of it. `version`: its ETag. */
export const contentAt = (url: string, limit: number): Promise<Content & { readonly version: string }> =>
  measured(url, limit, new Writable({ write: (_chunk, _encoding, done) => done() }));

async function measured(url: string, limit: number, into: Writable) {
  const { body, version } = await open(url);
  const hash = createHash("sha256");
  let size = 0;
  await pipeline(
    body,
    async function* measure(chunks: AsyncIterable<Uint8Array>) {
      for await (const chunk of chunks) {
        size += chunk.length;
        hash.update(chunk);
        yield chunk;
        // What is too long is wrong already; the rest is not worth its bytes.
        if (size > limit) return;
      }
    },
    into,
  );
  return { size, sha256: hash.digest("hex"), version };
}

/** How many bytes are at an address, by what its server says; nothing if there is nothing. */
export async function sizeAt(url: string): Promise<number | undefined> {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await fetch(url, { method: "HEAD" }).catch(() => undefined);
    if (answer?.ok) return Number(answer.headers.get("content-length"));
    if (answer && GONE.has(answer.status)) return undefined;
    const because = answer ? `answers ${answer.status}` : "cannot be reached";
    if (attempt === ATTEMPTS) throw new Error(`${url} ${because}.`);
    await setTimeout(attempt * 500);
  }
}

/** A bucket that nobody may list answers 403 for what is not there. */
const GONE: ReadonlySet<number> = new Set([403, 404, 410]);

/** Reads an address whole. */
export async function fetchBytes(url: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of (await open(url)).body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

interface Answer {
  readonly body: AsyncIterable<Uint8Array>;
  readonly version: string;
}

async function open(url: string): Promise<Answer> {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await answerOf(url);
    if (!(answer instanceof Error)) return answer;
    if (attempt === ATTEMPTS) throw answer;
    await setTimeout(attempt * 500);
  }
}

const ATTEMPTS = 3;

async function answerOf(url: string): Promise<Answer | Error> {
  // The query may hold a signature that lets its bearer read.
  const shown = url.replace(/\?.*/s, "");
  try {
    const response = await fetch(url);
    if (response.ok && response.body)
      return { body: response.body, version: response.headers.get("etag") ?? "" };
    await response.body?.cancel();
    return new Error(`${shown} answers ${response.status}.`);
  } catch (cause) {
    return new Error(`${shown} cannot be reached.`, { cause });
  }
}
