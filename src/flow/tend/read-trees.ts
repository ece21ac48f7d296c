import { objectPath } from "../../pipelines/ostree/names.ts";
import type { ObjectName } from "../../pipelines/ostree/names.ts";
import { ledToBy, type Told, toldBy } from "../../pipelines/ostree/reach.ts";
import {
  goingObjects,
  type KeepingCommits,
  type StayingCommit,
  stayingCommits,
} from "../../pipelines/ostree/retention.ts";
import type { Shelves } from "./read-shelf.ts";

const HEADS = "ostree/refs/heads/";

/** A channel's refs with their commits, the newest first, as far back as they are on the mirror; of all the keys there. */
async function readHistories(
  mirror: Shelves,
  place: string,
  keys: readonly string[],
): Promise<ReadonlyMap<string, readonly Told[]>> {
  const known = new Set(keys);
  const histories = new Map<string, readonly Told[]>();
  for (const key of keys.filter((one) => one.startsWith(HEADS))) {
    const history: Told[] = [];
    let next: string | undefined = new TextDecoder().decode(await bytesAt(mirror, `${place}/${key}`)).trim();
    // The newest must be there; those before it may have gone.
    for (; next !== undefined; next = history.at(-1)?.parent) {
      const path: string = `ostree/${objectPath({ kind: "commit", sum: next })}`;
      if (history.length > 0 && !known.has(path)) break;
      history.push(toldBy(next, await bytesAt(mirror, `${place}/${path}`)));
    }
    histories.set(key.slice(HEADS.length), history);
  }
  return histories;
}

/** Folders as they were read: they never change, and nightly trees share nearly all of them. */
export type Folders = Map<string, readonly ObjectName[]>;

/** What of a channel's trees stays and why, and the keys that go. */
export async function treesThere(
  { mirror }: { readonly mirror: Shelves },
  of: {
    readonly place: string;
    readonly folders: Folders;
    readonly keys: readonly string[];
    readonly keeping: KeepingCommits;
  },
): Promise<{ readonly staying: readonly StayingCommit[]; readonly going: readonly string[] }> {
  const { place, keys, keeping } = of;
  const histories = await readHistories(mirror, place, keys);
  const staying = [...histories].flatMap(([ref, history]) => stayingCommits(ref, history, keeping));
  const commits = new Set(staying.map(({ commit }) => commit));
  const told = [...histories.values()].flat().filter(({ sum }) => commits.has(sum));
  const reached = await reachedFrom(mirror, of, told);
  return { staying, going: goingObjects(keys, { commits, reached }) };
}

/** The paths of all objects that these commits lead to. Nobody may guess here: a folder that is missing is an error. */
async function reachedFrom(
  mirror: Shelves,
  { place, folders }: { readonly place: string; readonly folders: Folders },
  commits: readonly Told[],
): Promise<ReadonlySet<string>> {
  const reached = new Set<string>();
  const fresh = (names: readonly ObjectName[]): readonly ObjectName[] =>
    names.filter((name) => {
      const path = objectPath(name);
      const isFresh = !reached.has(path);
      reached.add(path);
      return isFresh && name.kind === "dirtree";
    });
  let rest = fresh(commits.flatMap(({ root }) => root));
  while (rest.length > 0) {
    const below: ObjectName[] = [];
    for (let n = 0; n < rest.length; n += AT_ONCE)
      below.push(
        ...(
          await Promise.all(
            rest.slice(n, n + AT_ONCE).map(async (folder) => {
              const led =
                folders.get(folder.sum) ??
                ledToBy(await bytesAt(mirror, `${place}/ostree/${objectPath(folder)}`));
              folders.set(folder.sum, led);
              return led;
            }),
          )
        ).flat(),
      );
    rest = fresh(below);
  }
  return reached;
}

const AT_ONCE = 64;

async function bytesAt(mirror: Shelves, key: string): Promise<Uint8Array> {
  const there = await mirror.get(key);
  if (!there) throw new Error(`${key} is missing`);
  return there.value;
}
