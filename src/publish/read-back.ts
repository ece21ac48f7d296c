import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { download, fetchBytes } from "./download.ts";
import { inParallel } from "./in-parallel.ts";
import { verifyDetached } from "./openpgp.ts";
import type { Package } from "./snapshot.ts";
import type { Tools } from "./tools.ts";
import { checkWhole } from "./whole.ts";

/** What a client must find: the snapshot at `snapshotUrl`, its packages below `targetUrl`; `fresh` are new there. */
export interface Expectation {
  readonly snapshotUrl: string;
  readonly targetUrl: string;
  readonly certificate: string;
  readonly packages: readonly Package[];
  readonly fresh: readonly Package[];
}

/** Reads what is new as a client would, through the public address, and throws unless all of it is there, whole and
 *  signed. The pointer moves only after this. */
export async function readBack(tools: Tools, dir: string, expected: Expectation): Promise<void> {
  const file = (name: string): Promise<Uint8Array> => fetchBytes(`${expected.snapshotUrl}repodata/${name}`);
  const text = async (name: string): Promise<string> => Buffer.from(await file(name)).toString();
  await verifyDetached(expected.certificate, await file("repomd.xml"), await text("repomd.xml.asc"));
  if ((await text("repomd.xml.key")) !== expected.certificate)
    throw new Error("repomd.xml.key is not the public key.");
  await checkWhole(file, expected.packages);
  await checkPackages(tools, dir, expected);
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
