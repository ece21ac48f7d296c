import type { Kind } from "./elements.ts";
import type { Desk } from "./judge.ts";
import type { Line } from "./line.ts";
import type { Members } from "./members.ts";
import type { Merged, MergedFile } from "./merge.ts";
import { keep } from "./mirror.ts";
import type { Body } from "./mirror.ts";
import { armored } from "./openpgp.ts";
import { repomdXml } from "./repomd.ts";
import { SBOM, sha256, snapshotKey, takeNumber } from "./snapshot.ts";
import type { Snapshot } from "./snapshot.ts";

/** A snapshot that comes next on its line; `merged` are its files on this machine. */
interface Sequel {
  readonly target: string;
  readonly line: Line;
  readonly merged: Merged;
  /** The list of what comes with it. */
  readonly sbom?: Uint8Array | undefined;
}

interface Written {
  readonly number: number;
  readonly snapshot: Snapshot;
}

/** Writes a snapshot under a number of its own: its record, then its files, then their signatures. How many objects that
 *  are does not depend on how many packages there are. */
export async function writeSnapshot(
  { mirror, key, manifest }: Desk,
  { target, line, merged: { counts, files }, sbom }: Sequel,
): Promise<Written> {
  const before = line.newest;
  const at = new Date(manifest.at);
  const revision = Math.max(Math.floor(at.getTime() / 1000), (before?.snapshot.revision ?? 0) + 1);
  const repomd = repomdXml(files, revision);
  const snapshot: Snapshot = {
    v: 1,
    target,
    run: manifest.run,
    at: manifest.at,
    base: before?.number ?? 0,
    revision,
    counts,
    files: membersOf(files),
    repomd: sha256(repomd),
    ...(sbom && { sbom: sha256(sbom) }),
    ...(key.others && { keys: [key.fingerprint, ...key.others] }),
  };
  const signatureOf = async (text: Uint8Array) => Buffer.from(armored(await key.detach(text, at)));
  const signature = await signatureOf(repomd);
  const number = await takeNumber(mirror, snapshot, { key, after: line.taken });
  const objects: readonly (readonly [string, Body])[] = [
    ...Object.values(files).map((file) => [file.path, bodyOf(file)] as const),
    ...(sbom ? [[SBOM, sbom] as const, [`${SBOM}.asc`, await signatureOf(sbom)] as const] : []),
    ["repodata/repomd.xml", repomd],
    ["repodata/repomd.xml.key", Buffer.from(key.certificate)],
    ["repodata/repomd.xml.asc", signature],
  ];
  for (const [path, body] of objects) await keep(mirror, snapshotKey(target, number, path), body);
  return { number, snapshot };
}

const bodyOf = ({ local, size, sha256 }: MergedFile): Body => ({ file: local, size, sha256 });

/** The files as the record tells of them: without what only this machine knows. */
const membersOf = ({ primary, filelists, other, list }: Readonly<Record<Kind, MergedFile>>) => ({
  primary: plain(primary),
  filelists: plain(filelists),
  other: plain(other),
  list: plain(list),
});

const plain = ({ path, size, sha256, head, chunks }: MergedFile): Members => ({
  path,
  size,
  sha256,
  head,
  chunks,
});
