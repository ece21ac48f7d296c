import { createReadStream } from "node:fs";
import { mkdir, open, readdir, rename, rm } from "node:fs/promises";
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { Readable } from "node:stream";

/** A run of bytes in one file. */
export interface Segment {
  readonly file: string;
  /** In bytes. */
  readonly size: number;
}

const PIECE = 1024 ** 2;

/** Both ends inclusive, in bytes. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** The bytes of objects, in files with random names: a key never becomes a path. */
export interface Files {
  /** Writes a whole body, safe on disk when it returns its name; nothing stays of a body that throws. */
  keep(body: AsyncIterable<Uint8Array>): Promise<string>;
  /** Reads across segments; what is being read outlives `drop`. */
  read(segments: readonly Segment[], range: Range): Readable;
  drop(names: readonly string[]): void;
}

/** Opens `dir` and removes what no row knows: uploads that a crash interrupted. */
export async function openFiles(dir: string, isKnown: (name: string) => boolean): Promise<Files> {
  const incoming = join(dir, "incoming");
  const kept = join(dir, "blobs");
  await rm(incoming, { recursive: true, force: true });
  await mkdir(incoming, { recursive: true });
  await mkdir(kept, { recursive: true });
  for (const name of await readdir(kept)) if (!isKnown(name)) await rm(join(kept, name));
  const remove = (name: string): void => void rm(join(kept, name), { force: true }).catch(() => undefined);
  const inUse = readers(remove);

  return {
    keep: (body) => keep(body, incoming, kept),
    read(segments, range) {
      const release = inUse.hold(segments.map((segment) => segment.file));
      const stream = Readable.from(bytesOf(kept, segments, range), { objectMode: false });
      return stream.once("close", release);
    },
    drop: (names) => inUse.drop(names),
  };
}

async function keep(body: AsyncIterable<Uint8Array>, incoming: string, kept: string): Promise<string> {
  const name = randomUUID();
  const draft = join(incoming, name);
  const file = await open(draft, "wx");
  try {
    await file.writeFile(pieces(body));
    await file.sync();
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  } finally {
    await file.close();
  }
  await rename(draft, join(kept, name));
  const directory = await open(kept);
  await directory.sync().finally(() => directory.close());
  return name;
}

/** A body in fewer and larger chunks: each write is a trip to another thread. */
async function* pieces(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let held: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    held.push(chunk);
    size += chunk.length;
    if (size < PIECE) continue;
    yield Buffer.concat(held);
    held = [];
    size = 0;
  }
  yield Buffer.concat(held);
}

async function* bytesOf(dir: string, segments: readonly Segment[], range: Range): AsyncGenerator<Uint8Array> {
  let offset = 0;
  for (const { file, size } of segments) {
    const start = Math.max(0, range.start - offset);
    const end = Math.min(size - 1, range.end - offset);
    offset += size;
    if (start <= end) yield* createReadStream(join(dir, file), { start, end, highWaterMark: 256 * 1024 });
  }
}

/** Counts who reads which file, so that a file is removed after its last reader. */
function readers(remove: (name: string) => void) {
  const reading = new Map<string, number>();
  const doomed = new Set<string>();

  function release(name: string): void {
    const left = (reading.get(name) ?? 1) - 1;
    if (left > 0) return void reading.set(name, left);
    reading.delete(name);
    if (doomed.delete(name)) remove(name);
  }

  return {
    hold(names: readonly string[]): () => void {
      for (const name of names) reading.set(name, (reading.get(name) ?? 0) + 1);
      return () => names.forEach(release);
    },
    drop(names: readonly string[]): void {
      for (const name of names) {
        if (reading.has(name)) doomed.add(name);
        else remove(name);
      }
    },
  };
}
