import { createHash } from "node:crypto";
import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { headerShape } from "../../pipelines/ostree/shapes.ts";

export const LINK_MODE = 0o120777;
const REGULAR = 0o100000;
/** What is left of a mode when who owns a file is nobody in particular. */
export const CANONICAL = 0o755;
const PIECE = 1024 ** 2;

/** A file of a root: its checksum as an object, its mode, and its content while no other is read. */
interface ReadFile {
  readonly sum: string;
  readonly mode: number;
  readonly content: () => Buffer;
}

/** Reads files one after the other into the same memory: most are small, and new memory for each costs more than reading. */
export function fileReader(): (path: string) => ReadFile {
  let memory = Buffer.alloc(PIECE);
  return (path) => {
    const file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW);
    try {
      const { size, mode } = fstatSync(file);
      if (size > memory.length) memory = Buffer.alloc(size);
      let length = 0;
      for (let got = -1; got !== 0 && length < size; length += got)
        got = readSync(file, memory, length, size - length, null);
      const content = memory.subarray(0, length);
      return {
        sum: sumOf(REGULAR | (mode & CANONICAL), "", content),
        mode: mode & CANONICAL,
        content: () => content,
      };
    } finally {
      closeSync(file);
    }
  };
}

const headers = new Map<number, Buffer>();

/** The checksum of a file or link as an object: of its header with its length before it, and its content. */
export function sumOf(mode: number, link: string, content: Buffer): string {
  const header = (link === "" && headers.get(mode)) || sized(headerShape.write([0, 0, mode, 0, link, []]));
  if (link === "") headers.set(mode, header);
  return createHash("sha256").update(header).update(content).digest("hex");
}

/** The header with its length before it: four bytes, and four of nothing that align it. */
export function sized(header: Buffer): Buffer {
  const size = Buffer.alloc(8);
  size.writeUInt32BE(header.length);
  return Buffer.concat([size, header]);
}
