import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { contentAt, download, fetchBytes } from "./download.ts";
import { METADATA } from "./elements.ts";
import type { Content } from "./gate.ts";
import { inParallel } from "./in-parallel.ts";
import { same } from "./mirror.ts";
import { verifyDetached } from "./openpgp.ts";
import type { Package } from "./package-list.ts";
import { filesNamed } from "./repomd.ts";
import { RECORD, recordOf, SBOM, sha256 } from "./snapshot.ts";
import type { Snapshot } from "./snapshot.ts";
import type { Tools } from "./tools.ts";

/** What a client must find: this snapshot at `snapshotUrl`, its packages below `targetUrl`; `fresh` are new there. */
export interface Expectation {
  readonly snapshotUrl: string;
  readonly targetUrl: string;
  readonly certificate: string;
  readonly snapshot: Snapshot;
  readonly fresh: readonly Package[];
}

/** Reads what is new as a client would, through the public address, and throws unless all of it is there, whole and
 *  signed. The pointer moves only after this. */
export async function readBack(tools: Tools, dir: string, expected: Expectation): Promise<void> {
  await checkRecord(expected);
  await checkMetadata(expected);
  await checkPackages(tools, dir, expected);
}

async function checkRecord({ snapshotUrl, certificate, snapshot }: Expectation): Promise<void> {
  const record = await signed(`${snapshotUrl}${RECORD}`, certificate);
  if (!same(record, recordOf(snapshot))) throw new Error(`${snapshotUrl}${RECORD} is another snapshot's.`);
  await checkContent(`${snapshotUrl}${snapshot.files.list.path}`, snapshot.files.list);
  if (snapshot.sbom === undefined) return;
  const list = await signed(`${snapshotUrl}${SBOM}`, certificate);
  if (sha256(list) !== snapshot.sbom) throw new Error(`${snapshotUrl}${SBOM} is another snapshot's.`);
}

/** From the signed index to the files, as clients go. */
async function checkMetadata({ snapshotUrl, certificate, snapshot }: Expectation): Promise<void> {
  const repodata = `${snapshotUrl}repodata/`;
  const repomd = await signed(`${repodata}repomd.xml`, certificate);
  if (Buffer.from(await fetchBytes(`${repodata}repomd.xml.key`)).toString() !== certificate)
    throw new Error("repomd.xml.key is not the public key.");
  const named = filesNamed(repomd);
  const expected = METADATA.map((type) => snapshot.files[type]);
  if (sha256(repomd) !== snapshot.repomd || named.some(({ href }, n) => href !== expected[n]?.path))
    throw new Error(`${repodata}repomd.xml is not what its snapshot says.`);
  for (const file of named) await checkContent(snapshotUrl + file.href, file);
}

/** An object with a detached signature of this key beside it. */
async function signed(url: string, certificate: string): Promise<Uint8Array> {
  const [bytes, signature] = await Promise.all([fetchBytes(url), fetchBytes(`${url}.asc`)]);
  await verifyDetached(certificate, bytes, Buffer.from(signature).toString());
  return bytes;
}

async function checkContent(url: string, expected: Content): Promise<void> {
  const actual = await contentAt(url, expected.size);
  if (actual.size !== expected.size || actual.sha256 !== expected.sha256)
    throw new Error(`${url} is not the file that was put there.`);
}

async function checkPackages(
  tools: Tools,
  dir: string,
  { targetUrl, certificate, fresh }: Expectation,
): Promise<void> {
  const place = await mkdtemp(join(dir, "read-back-"));
  const keyring = join(place, "keys");
  const keyFile = join(place, "key.asc");
  await writeFile(keyFile, certificate);
  await tools("rpmkeys", ["--dbpath", keyring, "--import", keyFile]);
  await inParallel(fresh, async (entry, index) => {
    const file = join(place, `${index}.rpm`);
    const url = `${targetUrl}/${entry.path}`;
    const { size, sha256 } = await download(url, { file, limit: entry.size });
    if (size !== entry.size || sha256 !== entry.sha256)
      throw new Error(`${url} is not the package that was put there.`);
    await tools("rpmkeys", ["--dbpath", keyring, "--define", "_pkgverify_level all", "--checksig", file]);
    await rm(file);
  });
}
