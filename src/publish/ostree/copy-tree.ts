import { createHash } from "node:crypto";
import type { Elsewhere } from "../elsewhere.ts";
import type { Mirror } from "../mirror.ts";
import { inFlight } from "./in-flight.ts";
import { folderOf } from "./local-repository.ts";
import type { Commit, Tree } from "./local-repository.ts";
import { objectPath } from "../../pipelines/ostree/names.ts";
import type { ObjectName } from "../../pipelines/ostree/names.ts";

type Root = Pick<Commit, "tree" | "rights">;

interface Way {
  readonly from: Elsewhere;
  readonly to: Pick<Mirror, "get">;
}

/** Has the server copy all of a tree that the base does not have in the same places, folder by folder, and gives how many
 *  objects that are. Files go from place to place unread. */
export async function copyTree({ from, to }: Way, tree: Root, base: Root | undefined): Promise<number> {
  const taken = new Set<string>();
  const take = async (name: ObjectName): Promise<void> => {
    const key = keyOf(name);
    if (taken.has(key)) return;
    taken.add(key);
    await from.copy(key);
  };
  let rest: (readonly [Root, Root | undefined])[] = [[tree, base]];
  while (rest.length > 0) {
    const below: (readonly [Root, Root | undefined])[] = [];
    await inFlight(rest, async ([now, old]) => {
      if (now.rights !== old?.rights) await take({ kind: "dirmeta", sum: now.rights });
      if (now.tree === old?.tree || taken.has(keyOf({ kind: "dirtree", sum: now.tree }))) return;
      const [folder, before] = [await folderAt(from, now.tree), old && (await folderAt(to, old.tree))];
      for (const [name, sum] of folder.files)
        if (before?.files.get(name) !== sum) await take({ kind: "filez", sum });
      for (const [name, one] of folder.folders) below.push([one, before?.folders.get(name)]);
      await take({ kind: "dirtree", sum: now.tree });
    });
    rest = below;
  }
  return taken.size;
}

const keyOf = (name: ObjectName): string => `ostree/${objectPath(name)}`;

async function folderAt(mirror: Pick<Mirror, "get">, sum: string): Promise<Tree> {
  const key = keyOf({ kind: "dirtree", sum });
  const there = await mirror.get(key);
  if (!there || createHash("sha256").update(there.value).digest("hex") !== sum)
    throw new Error(`${key} is not on the mirror as it should be.`);
  return folderOf(Buffer.from(there.value));
}
