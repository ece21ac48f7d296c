import { z } from "zod";
import { cut, unpack } from "./members.ts";
import type { Members } from "./members.ts";

/** A package of a snapshot. `path` is below the target; `sha256` and `size` (bytes) are of the signed file,
 *  `unsigned` is the digest that was built; `run` published it. */
export const Package = z.readonly(
  z.strictObject({
    nevra: z.string(),
    sha256: z.string(),
    unsigned: z.string(),
    size: z.int(),
    name: z.string(),
    file: z.string(),
    path: z.string(),
    run: z.string(),
  }),
);
export type Package = z.infer<typeof Package>;

/** A package that is in a snapshot, and the chunk that it is in. */
export interface Listed {
  readonly package: Package;
  readonly chunk: number;
}

/** A line of the list. The fields' order is part of the format: readers look for the first two without parsing. */
export function lineOf({ nevra, sha256, unsigned, size, name, file, path, run }: Package): Buffer {
  return Buffer.from(`${JSON.stringify({ nevra, sha256, unsigned, size, name, file, path, run })}\n`);
}

/** The packages of some lines. */
export const packagesOf = (lines: Uint8Array): readonly Package[] =>
  Buffer.from(lines)
    .toString()
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => Package.parse(JSON.parse(line)));

/** All packages of a packed list. */
export const allIn = async (list: Uint8Array): Promise<readonly Package[]> => packagesOf(await unpack(list));

/** Looks these NEVRAs up in a packed list; one chunk of it is unpacked at a time. */
export async function lookUp(
  list: Uint8Array,
  members: Members,
  nevras: ReadonlySet<string>,
): Promise<readonly Listed[]> {
  if (nevras.size === 0) return [];
  const found: Listed[] = [];
  for (const [chunk, packed] of cut(list, members).chunks.entries()) {
    const text = (await unpack(packed)).toString();
    for (let at = 0; at < text.length;) {
      const end = text.indexOf("\n", at);
      const nevra = text.slice(at + FIRST.length, text.indexOf('"', at + FIRST.length));
      if (nevras.has(nevra)) found.push({ chunk, package: Package.parse(JSON.parse(text.slice(at, end))) });
      at = end + 1;
    }
  }
  return found;
}

const FIRST = '{"nevra":"';
