import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import type { Members } from "../publish/members.ts";
import { amiss } from "./finding.ts";
import { holding } from "./net.ts";
import type { Body } from "./net.ts";
import { malformed } from "./words.ts";

/** Unpacks a file of gzip members as it arrives, one at a time: the head, each chunk, the foot. Throws at its end unless
 *  all of it was this file. What does not unpack is told only of a file that has its digest. */
export async function* unpacked(url: string, body: Body, file: Members): AsyncGenerator<Buffer> {
  const foot = file.chunks.reduce((rest, size) => rest - size, file.size - file.head);
  let broken = foot < 0;
  for await (const member of cut(holding(url, body, file), [file.head, ...file.chunks, Math.max(0, foot)])) {
    const open =
      member.length === 0 ? member : await inflate(member, { maxOutputLength: MOST }).catch(() => undefined);
    if (!open) broken = true;
    else if (!broken) yield open;
  }
  if (broken) throw amiss(malformed(url, "its parts are not where snapshot.json says, or do not unpack"));
}

const inflate = promisify(gunzip);
/** Bytes that 256 packages do not need. */
const MOST = 1024 ** 3;

/** Cuts what arrives into parts of these sizes, and reads on to the end. */
async function* cut(body: Body, sizes: readonly number[]): AsyncGenerator<Buffer> {
  let pending: Buffer[] = [];
  let have = 0;
  let next = 0;
  for await (const chunk of body) {
    pending.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length));
    have += chunk.length;
    while (have > 0 && have >= (sizes[next] ?? Infinity)) {
      const size = sizes[next] ?? 0;
      const all = Buffer.concat(pending);
      yield all.subarray(0, size);
      pending = [all.subarray(size)];
      have -= size;
      next += 1;
    }
  }
  for (; next < sizes.length && sizes[next] === 0; next += 1) yield Buffer.alloc(0);
}
