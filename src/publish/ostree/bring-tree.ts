import type { Delta } from "./delta.ts";
import type { Dictionary } from "../../pipelines/ostree/gvariant.ts";
import { inFlight } from "./in-flight.ts";
import { readMetadata } from "./local-repository.ts";
import type { Commit, LocalRepository } from "./local-repository.ts";
import { objectPath } from "../../pipelines/ostree/names.ts";
import type { ObjectName } from "../../pipelines/ostree/names.ts";
import { checkPacked, packedFile } from "./packed-file.ts";
import type { Shelf } from "./put-pool.ts";
import { openReader } from "./read-objects.ts";
import { writeSignature } from "./signed.ts";

/** A commit that is to be on the mirror, and what of it is not there yet. */
export interface Brought {
  readonly repository: LocalRepository;
  readonly objects: readonly ObjectName[];
  readonly commit: Commit;
  readonly deltas: readonly Delta[];
  readonly signature: Dictionary;
}

/** Writes all that is new of a commit. With `url`, the public address of the mirror, whatever was written is read there once
 *  more, before anything can lead to it: what was there already, was read by those who brought it. */
export async function bringTree(shelf: Shelf, tree: Brought, url: string | undefined): Promise<void> {
  const written = new Map<string, string>();
  const keep = async (path: string, body: Uint8Array): Promise<void> =>
    void written.set(path, await shelf.put(`ostree/${path}`, body));
  const isChecked = url !== undefined;
  await inFlight(tree.objects, async (name) => keep(...(await bodyOf(tree.repository, name, isChecked))));
  // The signature goes before the commit: whoever sees a commit can check it.
  const { commit, deltas, signature } = tree;
  const again = new Map<string, Uint8Array>();
  for (const { files } of deltas)
    for (const [path, content] of files) {
      await keep(path, content);
      if (path.includes("+")) again.set(path.replaceAll("+", " "), content);
    }
  // ostree asks for a plain `+`, which S3 reads as a blank, and other servers as what it is.
  for (const [path, content] of again) await shelf.put(`ostree/${path}`, content);
  await keep(objectPath({ kind: "commitmeta", sum: commit.sum }), writeSignature(signature));
  await keep(objectPath({ kind: "commit", sum: commit.sum }), commit.bytes);
  if (url === undefined) return;
  using reader = openReader(`${url}/ostree`);
  await inFlight([...written], ([path, sha256]) => reader.expect(path, sha256));
}

/** Where an object lies on the mirror, and as what. */
async function bodyOf(
  repository: LocalRepository,
  { kind, sum }: ObjectName,
  isChecked: boolean,
): Promise<[string, Uint8Array]> {
  const path = objectPath({ kind: kind === "file" ? "filez" : kind, sum });
  if (kind === "file") {
    const packed = await packedFile(repository, sum);
    if (isChecked && repository.mode === "archive") checkPacked(packed, sum);
    return [path, packed];
  }
  const bytes = readMetadata(repository, { kind, sum });
  if (!bytes) throw new Error(`${path} is not in the repository.`);
  return [path, bytes];
}
