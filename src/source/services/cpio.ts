import { createReadStream, createWriteStream } from "node:fs";
import { lstat, readdir, readlink } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";

/** The archive of obs_scm: cpio in the "newc" format, all in the order of names and with one time. */

/** Writes `top`, a directory in `dir`, with all that is in it. */
export async function packCpio(dir: string, top: string, to: { into: string; mtime: number }): Promise<void> {
  await pipeline(archive(dir, top, to.mtime), createWriteStream(to.into));
}

async function* archive(dir: string, top: string, mtime: number): AsyncGenerator<Buffer> {
  let number = 0;
  for await (const path of walk(dir, top)) {
    const full = join(dir, path);
    const found = await lstat(full);
    number += 1;
    const entry = { path, number, mtime };
    if (found.isDirectory()) {
      yield header({ ...entry, mode: 0o040755, size: 0 });
    } else if (found.isSymbolicLink()) {
      const target = Buffer.from(await readlink(full));
      yield header({ ...entry, mode: 0o120777, size: target.length });
      yield padded(target);
    } else {
      const mode = found.mode & 0o100 ? 0o100755 : 0o100644;
      yield header({ ...entry, mode, size: found.size });
      yield* createReadStream(full);
      yield Buffer.alloc(padding(found.size));
    }
  }
  yield header({ path: END, number: 0, mtime: 0, mode: 0, size: 0 });
}

/** The name that stands after the last file. */
export const END = "TRAILER!!!";
export const MAGIC = "070701";

/** A directory comes before what is in it. */
async function* walk(dir: string, path: string): AsyncGenerator<string> {
  yield path;
  const entries = await readdir(join(dir, path), { withFileTypes: true });
  for (const entry of entries.toSorted((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)))) {
    const below = `${path}/${entry.name}`;
    if (entry.isDirectory()) yield* walk(dir, below);
    else yield below;
  }
}

interface Entry {
  readonly path: string;
  readonly number: number;
  readonly mode: number;
  readonly mtime: number;
  readonly size: number;
}

function header({ path, number, mode, mtime, size }: Entry): Buffer {
  const name = Buffer.from(`${path}\0`);
  const links = mode >> 12 === 0o04 ? 2 : 1;
  const fields = [number, mode, 0, 0, links, mtime, size, 0, 0, 0, 0, name.length, 0];
  const numbers = fields.map((field) => field.toString(16).padStart(8, "0")).join("");
  const written = Buffer.concat([Buffer.from(MAGIC + numbers), name]);
  return Buffer.concat([written, Buffer.alloc(padding(written.length))]);
}

const padded = (data: Buffer): Buffer => Buffer.concat([data, Buffer.alloc(padding(data.length))]);

/** Zeros up to the next multiple of four. */
export const padding = (length: number): number => (4 - (length % 4)) % 4;
