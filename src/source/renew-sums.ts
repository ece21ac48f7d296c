import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Moved } from "../pipelines/service/moved.ts";
import { SERVICE_FILE } from "../pipelines/service/services.ts";
import { isSumList, type Sum, sumEnd, sumsIn, withSums } from "../pipelines/service/sums.ts";
import { type Checksum, readChecksums } from "./checksums.ts";

/** The digest in hex of what a source is now. */
type DigestOf = (moved: Moved, algorithm: Checksum["algorithm"]) => Promise<string>;

/**
 * Writes the digests of sources that moved where those of the old ones stand: in the `_service`, in `sources` and in
 * `<file>.sha256` (which follows its file's name). `dir` holds the recipe's files. Others stay as they are.
 */
export async function renewSums(dir: string, moved: readonly Moved[], digestOf: DigestOf): Promise<void> {
  for (const name of (await readdir(dir)).toSorted()) {
    const path = join(dir, name);
    if (name === SERVICE_FILE) await renewService(path, moved, digestOf);
    else if (isSumList(name)) await renewList({ dir, name }, moved, digestOf);
  }
}

async function renewService(path: string, moved: readonly Moved[], digestOf: DigestOf): Promise<void> {
  const text = await readFile(path, "utf8");
  const renewed: (Sum & { hex: string })[] = [];
  for (const sum of sumsIn(text)) {
    const one = moved.find(({ file }) => file === sum.file);
    if (one) renewed.push({ ...sum, hex: await digestOf(one, sum.algorithm) });
  }
  await writeFile(path, withSums(text, renewed));
}

async function renewList(
  { dir, name }: { readonly dir: string; readonly name: string },
  moved: readonly Moved[],
  digestOf: DigestOf,
): Promise<void> {
  const end = sumEnd(name);
  const alone = end === undefined ? undefined : name.slice(0, -end.length);
  const lines = (await readFile(join(dir, name), "utf8")).split("\n");
  const now = await Promise.all(lines.map((line) => renewedLine(line, { alone, moved, digestOf })));
  const own = moved.find(({ was }) => was === alone);
  const called = own && end !== undefined ? own.file + end : name;
  if (called !== name) await rm(join(dir, name));
  await writeFile(join(dir, called), now.join("\n"));
}

async function renewedLine(
  line: string,
  of: {
    readonly alone: string | undefined;
    readonly moved: readonly Moved[];
    readonly digestOf: DigestOf;
  },
): Promise<string> {
  const [sum] = readChecksums(line, "", of.alone);
  const one = of.moved.find(({ was }) => was === sum?.file);
  if (!sum || !one) return line;
  const hex = await of.digestOf(one, sum.algorithm);
  const at = line.toLowerCase().lastIndexOf(sum.hex);
  const renewed = line.slice(0, at) + hex + line.slice(at + sum.hex.length);
  return renewed.replace(one.was, () => one.file);
}
