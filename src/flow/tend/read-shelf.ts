import { ReleasesThere } from "../../pipelines/release/retention-releases.ts";
import type { Shelf } from "../../pipelines/release/retention.ts";
import { directoriesIn, SnapshotRecord } from "../../pipelines/release/shelf.ts";
import type { Blobs } from "../../ports.ts";

/** What is read of the mirror, at keys of its bucket. */
export type Shelves = Pick<Blobs, "list" | "get">;

/** A channel's targets as they lie below `place`, of all the keys there (relative to it). */
export async function readShelves(
  mirror: Shelves,
  place: string,
  keys: readonly string[],
): Promise<readonly Shelf[]> {
  const targets = keys.flatMap((key) => {
    const [target = "", file, rest] = key.split("/");
    return file === "mirrorlist" && rest === undefined ? [target] : [];
  });
  return Promise.all(targets.map((target) => readShelf(mirror, { place, target, keys })));
}

interface Where {
  readonly place: string;
  readonly target: string;
  readonly keys: readonly string[];
}

async function readShelf(mirror: Shelves, { place, target, keys }: Where): Promise<Shelf> {
  const numbers = new Set(
    keys
      .filter((key) => key.startsWith(`${target}/snapshots/`))
      .map((key) => Number(key.split("/")[2]))
      .filter(Number.isSafeInteger),
  );
  const snapshots = await Promise.all(
    [...numbers].map(async (number) => {
      const record = await readSnapshot(mirror, { place, target, number });
      // What has no record yet is being written, or was given up; it has the age of what came after it.
      return { number, at: record?.at ?? "" };
    }),
  );
  const own = keys.filter((key) => key.startsWith("releases/") && key.endsWith(`/${target}/mirrorlist`));
  const releases = await Promise.all(
    own.map(async (key) => ({
      number: key.split("/")[1] ?? "",
      snapshot: (await readPointer(mirror, `${place}/${key}`)) ?? 0,
    })),
  );
  const current = await readPointer(mirror, `${place}/${target}/mirrorlist`);
  if (current === undefined) throw new Error(`${place}/${target}/mirrorlist does not name a snapshot`);
  return { target, current, snapshots, releases };
}

async function readPointer(mirror: Shelves, key: string): Promise<number | undefined> {
  const there = await mirror.get(key);
  if (!there) return undefined;
  const parts = textOf(there.value).trim().split("/");
  const number = Number(parts[parts.lastIndexOf("snapshots") + 1]);
  return Number.isSafeInteger(number) ? number : undefined;
}

interface One {
  readonly place: string;
  readonly target: string;
  readonly number: number;
}

const at = ({ place, target, number }: One, file: string): string =>
  `${place}/${target}/snapshots/${String(number).padStart(6, "0")}/${file}`;

async function readSnapshot(mirror: Shelves, one: One): Promise<SnapshotRecord | undefined> {
  const there = await mirror.get(at(one, "snapshot.json"));
  return there && SnapshotRecord.parse(JSON.parse(textOf(there.value)));
}

/** The directories of the pool that a snapshot's packages lie in, relative to the channel. Nobody may guess here: what is
 *  missing or cut short is an error. */
export async function neededBy(mirror: Shelves, one: One): Promise<readonly string[]> {
  const record = await readSnapshot(mirror, one);
  if (!record) return [];
  const { path, head, chunks } = record.files.list;
  const list = (await mirror.get(at(one, path)))?.value;
  if (!list) throw new Error(`${at(one, path)} is missing`);
  let from = head;
  const pieces = chunks.map((size) => list.subarray(from, (from += size)));
  if (from > list.length) throw new Error(`${at(one, path)} is cut short`);
  const texts = await Promise.all(pieces.map(unpacked));
  return texts.flatMap((text) => directoriesIn(one.target, text));
}

const unpacked = (member: Uint8Array): Promise<string> =>
  new Response(
    new Blob([new Uint8Array(member)]).stream().pipeThrough(new DecompressionStream("gzip")),
  ).text();

/** The releases of a channel, as they are told below `place`; none where nothing is. */
export async function readReleases(mirror: Shelves, place: string) {
  const there = await mirror.get(`${place}/releases.json`);
  return there ? ReleasesThere.parse(JSON.parse(textOf(there.value))).releases : [];
}

const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
