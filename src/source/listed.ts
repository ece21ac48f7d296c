import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { type Checksum, readChecksums, verify } from "./checksums.ts";
import { refused } from "./failure.ts";
import { filesOf } from "./files.ts";
import { type Say, visible } from "./progress.ts";
import { pathIn, type Place } from "./tree.ts";

/**
 * What a `sources` file and `<file>.sha256` beside the spec say of files. Of the latter only those count that are about
 * a source.
 */
export async function listedIn(
  place: Place,
  dir: string,
  isSource: (file: string) => boolean,
): Promise<readonly Checksum[]> {
  const lists = filesOf(place).map(async ({ name }) => {
    const alone = name.endsWith(".sha256") ? name.slice(0, -".sha256".length) : undefined;
    if (name !== "sources" && (alone === undefined || !isSource(alone))) return [];
    const shown = pathIn(place.directory, name);
    return readChecksums(await readSmall(join(dir, name), shown), shown, alone);
  });
  return (await Promise.all(lists)).flat();
}

/** Checks all files of which the repository says what they are. */
export async function checkAll(place: Place, dir: string, say: Say): Promise<void> {
  const names = await readdir(dir);
  for (const checksum of await listedIn(place, dir, (file) => names.includes(file))) {
    const { at, file, algorithm } = checksum;
    if (!names.includes(file)) {
      say(`note: ${at}: no source is called ${visible(file)}.`);
      continue;
    }
    await verify(join(dir, file), checksum);
    say(`${file} has the ${algorithm} that ${at} lists`);
  }
}

async function readSmall(path: string, shown: string): Promise<string> {
  if ((await stat(path)).size > 1024 * 1024)
    throw refused(`${visible(shown)} is too large for a list of checksums.`);
  return readFile(path, "utf8");
}
