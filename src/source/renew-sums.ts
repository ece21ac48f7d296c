import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Moved } from "../pipelines/service/moved.ts";
import { SERVICE_FILE } from "../pipelines/service/services.ts";
import { type Digests, isSumList, summedIn, withNewSums } from "../pipelines/service/sums.ts";
import { digestOf } from "./checksums.ts";

/**
 * Writes the digests of sources that moved where those of the old ones stand: in the `_service`, in `sources` and in
 * `<file>.sha256` (which follows its file's name). `dir` holds the recipe's files. Others stay as they are.
 */
export async function renewSums(
  dir: string,
  moved: readonly Moved[],
  fetched: (moved: Moved) => Promise<string>,
): Promise<void> {
  const names = (await readdir(dir)).filter((name) => name === SERVICE_FILE || isSumList(name));
  const texts = new Map(
    await Promise.all(names.map(async (name) => [name, await readFile(join(dir, name), "utf8")] as const)),
  );
  const known: (Moved & { digests: Digests })[] = [];
  for (const one of summedIn(texts, moved))
    known.push({ ...one, digests: await digestsOf(await fetched(one)) });
  for (const [name, text] of withNewSums(texts, known)) {
    if (text === undefined) await rm(join(dir, name));
    else await writeFile(join(dir, name), text);
  }
}

export async function digestsOf(path: string): Promise<Digests> {
  const [sha256, sha512] = [await digestOf(path, "sha256"), await digestOf(path, "sha512")];
  return { sha256, sha512 };
}
