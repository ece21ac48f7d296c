import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { dictionary, variantOf } from "../../pipelines/ostree/gvariant.ts";
import type { Dictionary } from "../../pipelines/ostree/gvariant.ts";
import type { Commit, LocalRepository } from "./local-repository.ts";
import { deltaPath } from "../../pipelines/ostree/names.ts";
import { deltaPartsShape, superblockShape } from "../../pipelines/ostree/shapes.ts";

/** A static delta that was generated from one commit to another. */
export interface Delta {
  readonly from: string;
  /** Its files by their path on the mirror, the one that leads to the others last. */
  readonly files: ReadonlyMap<string, Buffer>;
  /** SHA-256 of that one, as a summary lists it. */
  readonly digest: Buffer;
}

/** A commit that a delta was made to, and the one that it shall lead to: the same one, or the same tree that follows another. */
interface To {
  readonly from: string;
  readonly made: Commit;
  readonly commit: Commit;
  readonly signature: Dictionary;
}

/** Reads the delta from `from` if the repository has one, and puts the commit and its signature into it: clients that come by
 *  a delta look for them there and nowhere else, and it was made before anybody signed. */
export async function readDelta(
  { dir }: LocalRepository,
  { from, made, commit, signature }: To,
): Promise<Delta | undefined> {
  const path = deltaPath(from, made.sum);
  const found = await readFile(join(dir, path, "superblock")).catch(() => undefined);
  if (!found) return undefined;
  const [metadata, time, start, end, inside, needs, parts, others] = superblockShape.read(found);
  if (end.toString("hex") !== made.sum || start.toString("hex") !== from || !inside.equals(made.bytes))
    throw new Error(`${path} is another commit's delta.`);
  const place = deltaPath(from, commit.sum);
  const told = [
    ...metadata.filter(([name]) => name !== `${path}/commitmeta`),
    [`${place}/commitmeta`, variantOf("a{sv}", dictionary, signature)] as const,
  ];
  const to = Buffer.from(commit.sum, "hex");
  const superblock = superblockShape.write([told, time, start, to, commit.bytes, needs, parts, others]);
  const files = new Map<string, Buffer>();
  for (const n of deltaPartsShape.read(parts).keys())
    files.set(`${place}/${n}`, await readFile(join(dir, path, String(n))));
  files.set(`${place}/superblock`, superblock);
  return { from, files, digest: createHash("sha256").update(superblock).digest() };
}
