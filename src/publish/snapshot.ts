import { createHash } from "node:crypto";
import { z } from "zod";
import type { Mirror } from "./mirror.ts";
import { same } from "./mirror.ts";
import { armored, verifyDetached } from "./openpgp.ts";
import type { OpenPgpKey } from "./openpgp.ts";

/** A package of a snapshot. `path` is below the target; `sha256` and `size` (bytes) are of the signed file,
 *  `unsigned` is the digest that was built; `run` published it. */
export const Package = z.readonly(
  z.strictObject({
    nevra: z.string(),
    name: z.string(),
    file: z.string(),
    path: z.string(),
    size: z.int(),
    sha256: z.string(),
    unsigned: z.string(),
    run: z.string(),
  }),
);
export type Package = z.infer<typeof Package>;

/** All of one snapshot: which packages, and which files of metadata describe them to clients. */
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
    packages: z.readonly(z.array(Package)),
    files: z.readonly(z.array(z.strictObject({ name: z.string(), size: z.int(), sha256: z.string() }))),
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

/** The metadata files of a snapshot, each with the digest that the snapshot says. */
export async function readMetadata(
  mirror: Mirror,
  number: number,
  snapshot: Snapshot,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const files = snapshot.files.map(async (file) => {
    const key = snapshotKey(snapshot.target, number, `repodata/${file.name}`);
    const bytes = await required(mirror, key);
    if (sha256(bytes) !== file.sha256) throw new Error(`${key} is not what its snapshot says.`);
    return [file.name, bytes] as const;
  });
  return new Map(await Promise.all(files));
}

/** Takes the lowest free number after the base by writing the snapshot's record there. Whoever writes the same
 *  record gets the same number: work that was cut off goes on where it was. */
export async function takeNumber(mirror: Mirror, snapshot: Snapshot, key: OpenPgpKey): Promise<number> {
  const record = Buffer.from(`${JSON.stringify(snapshot, undefined, 1)}\n`);
  const signature = Buffer.from(armored(await key.detach(record, new Date(snapshot.at))));
  for (let number = snapshot.base + 1; ; number += 1) {
    const at = snapshotKey(snapshot.target, number, RECORD);
    if (!(await mirror.create(at, record))) {
      const there = await required(mirror, at);
      if (!same(there, record)) continue;
    }
    await mirror.create(`${at}.asc`, signature);
    return number;
  }
}

const RECORD = "snapshot.json";

async function required(mirror: Mirror, key: string): Promise<Uint8Array> {
  const there = await mirror.get(key);
  if (!there) throw new Error(`${key} is missing on the mirror.`);
  return there.value;
}
