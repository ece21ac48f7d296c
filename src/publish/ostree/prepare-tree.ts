import { createHash } from "node:crypto";
import type { Mirror } from "../mirror.ts";
import type { Move } from "../moves.ts";
import { readDelta } from "./delta.ts";
import type { Delta } from "./delta.ts";
import type { Dictionary } from "./gvariant.ts";
import { commitOf, readCommit, readMetadata } from "./local-repository.ts";
import type { Commit, LocalRepository } from "./local-repository.ts";
import { isRef, objectPath } from "./names.ts";
import type { ObjectName } from "./names.ts";
import { newObjects } from "./new-objects.ts";
import { packedFile } from "./packed-file.ts";
import type { Shelf } from "./put-pool.ts";
import { moveOf, readRef } from "./ref.ts";
import { signatureOf, writeSignature } from "./signed.ts";
import type { Hand } from "./signed.ts";
import type { Listing } from "./summary.ts";
import { treeViolations } from "./tree-gate.ts";

/** Where trees go and who signs them. `shelf` writes to the same place as `mirror`, for what is never changed. */
export interface TreeDesk {
  readonly mirror: Mirror;
  readonly shelf: Shelf;
  readonly hand: Hand;
}

/** A commit that was made for a ref; `version`: the number it must bear. */
export interface OfferedTree {
  readonly repository: LocalRepository;
  readonly ref: string;
  readonly commit: string;
  readonly version?: string | undefined;
}

/** A tree that is on the mirror whole and signed, and to which its ref can be moved. */
export interface ReadyTree extends Listing {
  /** Objects that were not there before. */
  readonly fresh: number;
  /** What makes it visible; absent: it is already. */
  readonly move?: Move;
}

/** What is to happen to a ref, as far as it is known from what is on the mirror now. */
export interface TreeStep {
  /** Why it must not happen, in sentences. */
  readonly refusals: readonly string[];
  /** Brings the commit to the mirror, up to its ref: new files and folders, deltas, signature, commit. Stopped anywhere it
   *  leaves nothing that a client could come upon, and done again it writes the same. */
  readonly bring: () => Promise<ReadyTree>;
}

/** Holds a commit against the ref as it is now. */
export async function prepareTree(desk: TreeDesk, offer: OfferedTree): Promise<TreeStep> {
  const { repository, ref, version } = offer;
  if (!isRef(ref)) throw new Error(`${ref} is no name of a ref.`);
  const commit = readCommit(repository, offer.commit);
  if (!commit) throw new Error(`The commit ${offer.commit} is not in the repository.`);
  const now = await readRef(desk.mirror, ref);
  // It was brought before, by somebody who was stopped afterwards.
  if (now === commit.sum) return { refusals: [], bring: async () => listed(desk, offer, commit) };
  const base = now === undefined ? undefined : await publishedCommit(desk.mirror, repository, now);
  return {
    refusals: treeViolations(commit, { ref, version, base }),
    async bring() {
      const tree = await listed(desk, offer, commit);
      const objects = newObjects(repository, commit, base);
      await inFlight(objects, (name) => bringObject(desk.shelf, repository, name));
      await bringCommit(desk, tree);
      return { ...tree, fresh: objects.length + 1, move: moveOf(ref, now, commit.sum) };
    },
  };
}

/** What a summary will say of it. */
async function listed(
  { hand }: TreeDesk,
  { repository, ref }: OfferedTree,
  commit: Commit,
): Promise<ReadyTree & { readonly signature: Dictionary }> {
  const signature = await signatureOf(hand, commit.bytes);
  return { ref, commit, signature, deltas: await deltasTo(repository, commit, signature), fresh: 0 };
}

/** The commit that a ref leads to: the composer had it, or the mirror has. */
async function publishedCommit(mirror: Mirror, repository: LocalRepository, sum: string): Promise<Commit> {
  const local = readCommit(repository, sum);
  if (local) return local;
  const there = await mirror.get(`ostree/${objectPath({ kind: "commit", sum })}`);
  if (!there || createHash("sha256").update(there.value).digest("hex") !== sum)
    throw new Error(`The commit ${sum}, which is published, is not on the mirror as it should be.`);
  return commitOf(sum, Buffer.from(there.value));
}

/** The deltas from the two commits before. */
async function deltasTo(
  repository: LocalRepository,
  commit: Commit,
  signature: Dictionary,
): Promise<readonly Delta[]> {
  if (commit.parent === undefined) return [];
  const parent = readCommit(repository, commit.parent);
  const deltas = [];
  for (const from of [commit.parent, parent?.parent])
    if (from !== undefined) deltas.push(await readDelta(repository, { from, to: commit, signature }));
  return deltas.filter((delta) => delta !== undefined);
}

async function bringObject(
  shelf: Shelf,
  repository: LocalRepository,
  { kind, sum }: ObjectName,
): Promise<void> {
  if (kind === "file")
    return shelf.put(`ostree/${objectPath({ kind: "filez", sum })}`, await packedFile(repository, sum));
  const bytes = readMetadata(repository, { kind, sum });
  if (!bytes) throw new Error(`${objectPath({ kind, sum })} is not in the repository.`);
  return shelf.put(`ostree/${objectPath({ kind, sum })}`, bytes);
}

/** The signature goes before the commit: whoever sees a commit can check it. */
async function bringCommit(
  { shelf }: TreeDesk,
  { commit: { sum, bytes }, deltas, signature }: Listing & { readonly signature: Dictionary },
): Promise<void> {
  for (const { files } of deltas)
    for (const [path, content] of files)
      for (const key of addressesOf(path)) await shelf.put(`ostree/${key}`, content);
  await shelf.put(`ostree/${objectPath({ kind: "commitmeta", sum })}`, writeSignature(signature));
  await shelf.put(`ostree/${objectPath({ kind: "commit", sum })}`, bytes);
}

/** ostree asks for a plain `+`, which S3 reads as a blank, and other servers as what it is. */
const addressesOf = (path: string): ReadonlySet<string> => new Set([path, path.replaceAll("+", " ")]);

/** Many at a time: what takes long is the way to S3 and back. */
async function inFlight<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const rest = items.values();
  const worker = async (): Promise<void> => {
    for (const item of rest) await work(item);
  };
  await Promise.all(Array.from({ length: WIDTH }, worker));
}

const WIDTH = 64;
