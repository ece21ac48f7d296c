import { createHash } from "node:crypto";
import { z } from "zod";
import type { Kind } from "./elements.ts";
import { Members } from "./members.ts";
import type { Mirror } from "./mirror.ts";
import { same } from "./mirror.ts";
import { armored, verifyDetached } from "./openpgp.ts";
import type { OpenPgpKey } from "./openpgp.ts";

/** All of one snapshot: the files that list its packages, and how they are made of chunks. The nth members of all four
 *  files speak of the same packages, `counts[n]` of them, in the order of the list: the list is the index. */
export const Snapshot = z.readonly(
  z.strictObject({
    v: z.literal(1),
    target: z.string(),
    run: z.string(),
    at: z.string(),
    /** The snapshot it was made from; 0 for none. */
    base: z.int(),
    /** Unix time that the metadata says it is of; grows from snapshot to snapshot. */
    revision: z.int(),
    counts: z.readonly(z.array(z.int())),
    files: z.strictObject({ primary: Members, filelists: Members, other: Members, list: Members }),
    /** Digest of `repodata/repomd.xml`. */
    repomd: z.string(),
    /** Digest of `sbom.cdx.json`, the list of what came with this snapshot; absent: nothing did. */
    sbom: z.optional(z.string()),
    /** Fingerprints of all keys that clients are given, where there are several: the one that signs vouches for them. */
    keys: z.optional(z.readonly(z.array(z.string()))),
  }),
);
export type Snapshot = z.infer<typeof Snapshot>;

/** Six digits at least, so that names sort as numbers do. */
export const numbered = (number: number): string => String(number).padStart(6, "0");

/** Where a file of a snapshot is, below the channel. */
export const snapshotKey = (target: string, number: number, file: string): string =>
  `${target}/snapshots/${numbered(number)}/${file}`;

export const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** Reads a snapshot back and believes it only if our key signed it. */
export async function readSnapshot(
  mirror: Mirror,
  { target, number, key }: { readonly target: string; readonly number: number; readonly key: OpenPgpKey },
): Promise<Snapshot> {
  const [record, signature] = await Promise.all([
    required(mirror, snapshotKey(target, number, RECORD)),
    required(mirror, snapshotKey(target, number, `${RECORD}.asc`)),
  ]);
  await verifyDetached(key.certificate, record, Buffer.from(signature).toString());
  return Snapshot.parse(JSON.parse(Buffer.from(record).toString()));
}

/** One of a snapshot's files, with the digest that the snapshot says. */
export async function readFileOf(
  mirror: Mirror,
  { number, snapshot }: { readonly number: number; readonly snapshot: Snapshot },
  kind: Kind,
): Promise<Uint8Array> {
  const file = snapshot.files[kind];
  const key = snapshotKey(snapshot.target, number, file.path);
  const bytes = await required(mirror, key);
  if (sha256(bytes) !== file.sha256) throw new Error(`${key} is not what its snapshot says.`);
  return bytes;
}

/** Takes the lowest free number after the base and `after` by writing the snapshot's record there. Whoever writes the
 *  same record gets the same number: work that was cut off goes on where it was. */
export async function takeNumber(
  mirror: Mirror,
  snapshot: Snapshot,
  { key, after }: { readonly key: OpenPgpKey; readonly after: number },
): Promise<number> {
  const record = recordOf(snapshot);
  const signature = Buffer.from(armored(await key.detach(record, new Date(snapshot.at))));
  for (let number = Math.max(snapshot.base, after) + 1; ; number += 1) {
    const at = snapshotKey(snapshot.target, number, RECORD);
    if (!(await mirror.create(at, record))) {
      const there = await required(mirror, at);
      if (!same(there, record)) continue;
    }
    await mirror.create(`${at}.asc`, signature);
    return number;
  }
}

/** A snapshot as it is written. */
export const recordOf = (snapshot: Snapshot): Buffer => Buffer.from(`${JSON.stringify(snapshot)}\n`);

export const RECORD = "snapshot.json";
export const SBOM = "sbom.cdx.json";

async function required(mirror: Mirror, key: string): Promise<Uint8Array> {
  const there = await mirror.get(key);
  if (!there) throw new Error(`${key} is missing on the mirror.`);
  return there.value;
}
