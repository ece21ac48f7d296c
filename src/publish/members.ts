import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import { z } from "zod";

/** A file of gzip members, one after the other: a head, one for each chunk of packages, a foot. Every reader of gzip takes
 *  them for one file (RFC 1952, 2.2). `head` and `chunks` are the members' sizes in bytes as they are packed; the rest is
 *  the foot. `path` is below the snapshot. */
export const Members = z.readonly(
  z.strictObject({
    path: z.string(),
    size: z.int(),
    sha256: z.string(),
    head: z.int(),
    chunks: z.readonly(z.array(z.int())),
  }),
);
export type Members = z.infer<typeof Members>;

/** The members themselves, packed. */
export interface Pieces {
  readonly head: Uint8Array;
  readonly chunks: readonly Uint8Array[];
  readonly foot: Uint8Array;
}

export const pack: (open: Uint8Array) => Promise<Buffer> = promisify(gzip);
export const unpack = (packed: Uint8Array): Promise<Buffer> => inflate(packed, { chunkSize: ROOM });

const inflate = promisify(gunzip);
/** About what a chunk of metadata is, unpacked: less would be copied together from many pieces. */
const ROOM = 1024 ** 2;

/** Cuts a file into its members without copying. */
export function cut(bytes: Uint8Array, { path, head, chunks }: Members): Pieces {
  let at = head;
  const pieces = chunks.map((size) => bytes.subarray(at, (at += size)));
  if (at > bytes.length) throw new Error(`${path} is shorter than its members.`);
  return { head: bytes.subarray(0, head), chunks: pieces, foot: bytes.subarray(at) };
}

/** Writes members as one file at `file`; `open` is its size when unpacked. */
export async function writePieces(
  file: string,
  pieces: Pieces,
): Promise<Omit<Members, "path"> & { readonly open: number }> {
  const all = [pieces.head, ...pieces.chunks, pieces.foot].filter(({ length }) => length > 0);
  const hash = createHash("sha256");
  for (const piece of all) hash.update(piece);
  await writeFile(file, all);
  return {
    size: all.reduce((sum, { length }) => sum + length, 0),
    sha256: hash.digest("hex"),
    head: pieces.head.length,
    chunks: pieces.chunks.map(({ length }) => length),
    open: all.reduce((sum, piece) => sum + openSize(piece), 0),
  };
}

/** The end of a member says how long it is unpacked. */
const openSize = (member: Uint8Array): number => Buffer.from(member.slice(-4)).readUInt32LE();
