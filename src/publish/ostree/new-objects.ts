import type { ObjectName } from "../../pipelines/ostree/names.ts";
import { readTree } from "./local-repository.ts";
import type { Commit, LocalRepository, Tree } from "./local-repository.ts";

const NOTHING: Tree = { files: new Map(), folders: new Map() };

type Root = Pick<Commit, "tree" | "rights">;

/** The files, folders and folders' rights of a commit that another one, which is on the mirror, does not have in the same
 *  places: known from the trees alone, without asking what is there. Something that only moved is named again, which does
 *  no harm. Without the other one's trees everything is new. */
export function newObjects(repository: LocalRepository, commit: Root, base?: Root): readonly ObjectName[] {
  const found = new Map<string, ObjectName>();
  const take = (kind: ObjectName["kind"], sum: string): void =>
    void found.set(`${kind} ${sum}`, { kind, sum });
  const rest: (readonly [Root, Root | undefined])[] = [[commit, base]];
  for (let next = rest.pop(); next; next = rest.pop()) {
    const [{ tree, rights }, old] = next;
    if (rights !== old?.rights) take("dirmeta", rights);
    if (tree === old?.tree || found.has(`dirtree ${tree}`)) continue;
    take("dirtree", tree);
    const [now, before] = [folderAt(repository, tree), oldFolder(repository, old)];
    for (const [name, sum] of now.files) if (before.files.get(name) !== sum) take("file", sum);
    for (const [name, below] of now.folders) rest.push([below, before.folders.get(name)]);
  }
  return [...found.values()];
}

function folderAt(repository: LocalRepository, sum: string): Tree {
  const tree = readTree(repository, sum);
  if (!tree) throw new Error(`The commit's folder ${sum} is not in the repository.`);
  return tree;
}

const oldFolder = (repository: LocalRepository, old: Root | undefined): Tree =>
  (old && readTree(repository, old.tree)) ?? NOTHING;
