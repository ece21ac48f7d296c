import { join } from "node:path";
import type { Description } from "./describe.ts";
import { split } from "./elements.ts";
import type { Kind } from "./elements.ts";
import { inParallel } from "./in-parallel.ts";
import { cut, pack, unpack, writePieces } from "./members.ts";
import type { Members, Pieces } from "./members.ts";
import { packagesOf } from "./package-list.ts";
import type { Listed, Package } from "./package-list.ts";
import type { Snapshot } from "./snapshot.ts";

/** The snapshot that is built upon, and its files as they are packed. */
export interface Base {
  readonly snapshot: Snapshot;
  readonly read: (kind: Kind) => Promise<Uint8Array>;
}

/** What changes: `withdrawn` packages of the base are left out, `fresh` ones that are described come to it. */
export interface Changes {
  readonly withdrawn: readonly Listed[];
  readonly fresh: readonly Package[];
  readonly description: Description;
}

/** The files of the new snapshot in `dir`, and how many packages each of their chunks has. */
export interface Merged {
  readonly counts: readonly number[];
  readonly files: Readonly<Record<Kind, MergedFile>>;
}

/** `open` is the size when unpacked, in bytes. */
export type MergedFile = Members & { readonly local: string; readonly open: number };

/** Packages in a chunk; only the last chunk of a snapshot has fewer. */
export const CHUNK = 256;

/** Makes the files of a snapshot from those of its base: chunks without a change are copied as they are packed. What is
 *  left of the others is packed anew at the end, with what is new. One file is in memory at a time. */
export async function merge(base: Base | undefined, changes: Changes, dir: string): Promise<Merged> {
  const { kept, opened } = chunksOf(base, changes);
  const old = base && cut(await base.read("list"), base.snapshot.files.list);
  const leftover = packagesOf(Buffer.concat(await inParallel(pick(old, opened), unpack)));
  const gone = new Set(changes.withdrawn.map((one) => one.package.sha256));
  const loose = [...leftover.filter(({ sha256 }) => !gone.has(sha256)), ...changes.fresh];
  const groups = Array.from({ length: Math.ceil(loose.length / CHUNK) }, (_, n) =>
    loose.slice(n * CHUNK, (n + 1) * CHUNK),
  );
  const counts = [...kept.map((n) => base?.snapshot.counts[n] ?? 0), ...groups.map(({ length }) => length)];
  const written = async (kind: Kind): Promise<MergedFile> => {
    const pieces = await splice(kind, { base, changes, kept, opened, leftover, groups, counts });
    const local = join(dir, kind);
    const file = await writePieces(local, pieces);
    return { path: pathOf(kind, file.sha256), ...file, local };
  };
  const primary = await written("primary");
  const filelists = await written("filelists");
  const other = await written("other");
  return { counts, files: { primary, filelists, other, list: await written("list") } };
}

/** Which chunks of the base stay, and which are opened: those that lose a package, and the last while it has room. */
function chunksOf(base: Base | undefined, { withdrawn, fresh }: Changes) {
  const losing = new Set(withdrawn.map(({ chunk }) => chunk));
  const counts = base?.snapshot.counts ?? [];
  const last = counts.length - 1;
  const changed = fresh.length > 0 || losing.size > 0;
  const opens = (n: number): boolean => losing.has(n) || (n === last && changed && (counts[n] ?? 0) < CHUNK);
  const all = [...counts.keys()];
  return { kept: all.filter((n) => !opens(n)), opened: all.filter(opens) };
}

interface Plan {
  readonly base: Base | undefined;
  readonly changes: Changes;
  readonly kept: readonly number[];
  readonly opened: readonly number[];
  /** The packages of the opened chunks, as the list names them. */
  readonly leftover: readonly Package[];
  /** The packages of the new chunks. */
  readonly groups: readonly (readonly Package[])[];
  readonly counts: readonly number[];
}

async function splice(
  kind: Kind,
  { base, changes, kept, opened, leftover, groups, counts }: Plan,
): Promise<Pieces> {
  const { frame, elements: fresh } = changes.description[kind];
  const old = base && cut(await base.read(kind), base.snapshot.files[kind]);
  const taken = split(kind, Buffer.concat(await inParallel(pick(old, opened), unpack)));
  const strangers = taken.head.length + taken.foot.length;
  if (strangers > 0 || taken.elements.size !== leftover.length)
    throw new Error(`The snapshot's ${kind} and its list of packages do not go together.`);
  const elementOf = ({ sha256, nevra }: Package): Uint8Array => {
    const element = fresh.get(sha256) ?? taken.elements.get(sha256);
    if (!element) throw new Error(`The snapshot's ${kind} says nothing of ${nevra}.`);
    return element;
  };
  const packed = await inParallel(groups, (group) => pack(Buffer.concat(group.map(elementOf))));
  const framed = (part: Buffer): Promise<Buffer> | Buffer => (part.length > 0 ? pack(part) : part);
  return {
    head: await framed(frame.head(counts.reduce((sum, count) => sum + count, 0))),
    chunks: [...pick(old, kept), ...packed],
    foot: await framed(frame.foot),
  };
}

const pick = (old: Pieces | undefined, which: readonly number[]): readonly Uint8Array[] =>
  which.flatMap((n) => old?.chunks[n] ?? []);

const pathOf = (kind: Kind, sha256: string): string =>
  kind === "list" ? "packages.jsonl.gz" : `repodata/${sha256}-${kind}.xml.gz`;
