import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { dictionary, variantOf } from "./gvariant.ts";
import type { Dictionary } from "./gvariant.ts";
import type { Commit, LocalRepository } from "./local-repository.ts";
import { deltaPath } from "./names.ts";
import { deltaPartsShape, superblockShape } from "./shapes.ts";

/** A static delta that was generated from one commit to another. */
export interface Delta {
  readonly from: string;
  /** Its files by their path on the mirror, the one that leads to the others last. */
  readonly files: ReadonlyMap<string, Buffer>;
  /** SHA-256 of that one, as a summary lists it. */
  readonly digest: Buffer;
}

/** Reads the delta from `from` if the repository has one, and puts the commit's signature into it: clients that come by a
 *  delta look for it there and nowhere else, and it was made before anybody signed. */
export async function readDelta(
  { dir }: LocalRepository,
  { from, to, signature }: { readonly from: string; readonly to: Commit; readonly signature: Dictionary },
): Promise<Delta | undefined> {
  const path = deltaPath(from, to.sum);
  const made = await readFile(join(dir, path, "superblock")).catch(() => undefined);
  if (!made) return undefined;
  const [metadata, time, start, end, commit, needs, parts, others] = superblockShape.read(made);
  if (end.toString("hex") !== to.sum || start.toString("hex") !== from || !commit.equals(to.bytes))
    throw new Error(`${path} is another commit's delta.`);
  const own = `${path}/commitmeta`;
  const told = [
    ...metadata.filter(([name]) => name !== own),
    [own, variantOf("a{sv}", dictionary, signature)] as const,
  ];
  const superblock = superblockShape.write([told, time, start, end, commit, needs, parts, others]);
  const files = new Map<string, Buffer>();
  for (const n of deltaPartsShape.read(parts).keys())
    files.set(`${path}/${n}`, await readFile(join(dir, path, String(n))));
  files.set(`${path}/superblock`, superblock);
  return { from, files, digest: createHash("sha256").update(superblock).digest() };
}
