import { createHash } from "node:crypto";
import { METADATA } from "../publish/elements.ts";
import type { Metadata } from "../publish/elements.ts";
import type { Members } from "../publish/members.ts";
import { RECORD, SBOM, Snapshot } from "../publish/snapshot.ts";
import { amiss } from "./finding.ts";
import { readIndex } from "./index-file.ts";
import { whole } from "./net.ts";
import type { Net } from "./net.ts";
import type { Pointer } from "./pointer.ts";
import { certificateOf, signed } from "./signed.ts";
import type { Certificate } from "./signed.ts";
import { disagrees, malformed, twoKeys } from "./words.ts";

/** What both signed documents of a snapshot say together. */
export interface Record {
  readonly snapshot: Snapshot;
  /** Digest of the record itself: a number stands for one. */
  readonly sha256: string;
}

/** Reads the signed record of a snapshot. */
export async function readRecord(
  net: Net,
  { snapshotUrl, target, number }: Pointer,
  certificate: Certificate,
): Promise<Record> {
  const url = snapshotUrl + RECORD;
  const bytes = await signed(net, url, certificate);
  const snapshot = parsed(url, () => Snapshot.parse(JSON.parse(bytes.toString())));
  if (snapshot.target !== target)
    throw amiss(malformed(url, `it is of the target ${snapshot.target}, not of ${target}`));
  if (snapshot.base >= number)
    throw amiss(malformed(url, `it comes after the snapshot ${snapshot.base}, and is number ${number}`));
  return { snapshot, sha256: sha256(bytes) };
}

/** Reads the list of what came with a snapshot, if something did; it is signed, and named by the record. */
export async function checkSbom(
  net: Net,
  { snapshotUrl }: Pointer,
  { record, certificate }: { readonly record: Record; readonly certificate: Certificate },
): Promise<void> {
  const { sbom } = record.snapshot;
  if (sbom === undefined) return;
  const url = snapshotUrl + SBOM;
  if (sha256(await signed(net, url, certificate)) !== sbom)
    throw amiss(disagrees(url, "snapshot.json has another digest of it"));
}

/** The files of metadata, as the index and the record agree on them. */
export type Files = Readonly<{ [Type in Metadata]: Members & { readonly open: number } }>;

/** Reads the signed index that dnf and zypper begin with, and holds it against the record. */
export async function readFiles(
  net: Net,
  { snapshotUrl }: Pointer,
  { record, certificate }: { readonly record: Record; readonly certificate: Certificate },
): Promise<Files> {
  const url = `${snapshotUrl}repodata/repomd.xml`;
  const bytes = await signed(net, url, certificate);
  const { revision, files } = parsed(url, () => readIndex(bytes));
  const { snapshot } = record;
  if (sha256(bytes) !== snapshot.repomd)
    throw amiss(disagrees(url, "snapshot.json has another digest of it"));
  if (revision !== snapshot.revision)
    throw amiss(disagrees(url, `its revision is ${revision}, that of snapshot.json ${snapshot.revision}`));
  if (files.length !== METADATA.length)
    throw amiss(disagrees(url, `it names ${files.map(({ type }) => type).join(", ")}`));
  const agreed = (type: Metadata) => {
    const named = files.find((one) => one.type === type);
    const { path, size, sha256 } = snapshot.files[type];
    if (!named || named.href !== path || named.size !== size || named.sha256 !== sha256)
      throw amiss(disagrees(url, `it names another ${type} than snapshot.json`));
    return { ...snapshot.files[type], open: named.open };
  };
  return { primary: agreed("primary"), filelists: agreed("filelists"), other: agreed("other") };
}

/** zypper takes its key from beside the index. */
export async function checkKeyBeside(
  net: Net,
  { snapshotUrl, keyUrl }: Pointer,
  { keys }: Certificate,
): Promise<void> {
  const url = `${snapshotUrl}repodata/repomd.xml.key`;
  const beside = await certificateOf(url, (await whole(net, url)).toString());
  // Since the snapshot was written, clients may have been given more keys.
  const isOurs = beside.keys.every(({ fingerprint }) => keys.some((one) => one.fingerprint === fingerprint));
  if (!isOurs) throw amiss(twoKeys(url, keyUrl));
}

function parsed<T>(url: string, parse: () => T): T {
  try {
    return parse();
  } catch {
    throw amiss(malformed(url, "it cannot be parsed, though it is signed"));
  }
}

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
