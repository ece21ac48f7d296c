import { refused } from "./failure.ts";
import type { Git } from "./git.ts";
import { visible } from "./progress.ts";

/** An entry of a directory in git. */
export interface Entry {
  readonly name: string;
  readonly kind: "file" | "program" | "directory" | "symlink" | "submodule";
  readonly oid: string;
}

const KINDS: Readonly<Record<string, Entry["kind"]>> = {
  "100644": "file",
  "100664": "file",
  "100755": "program",
  "040000": "directory",
  "120000": "symlink",
  "160000": "submodule",
};

/** Lists one directory by the SHA of its tree. */
export async function listTree(git: Git, tree: string): Promise<readonly Entry[]> {
  const { out } = await git({ args: ["ls-tree", "-z", "--full-tree", tree] });
  return out
    .toString("utf8")
    .split("\0")
    .filter((line) => line !== "")
    .map(entryOf);
}

/** Lists all files below a tree, by their paths there. */
export async function listBelow(git: Git, tree: string): Promise<readonly Entry[]> {
  const { out } = await git({ args: ["ls-tree", "-r", "-z", "--full-tree", tree] });
  return out
    .toString("utf8")
    .split("\0")
    .filter((line) => line !== "")
    .map(entryOf);
}

function entryOf(line: string): Entry {
  const tab = line.indexOf("\t");
  const [mode = "", , oid = ""] = line.slice(0, tab).split(" ");
  const name = line.slice(tab + 1);
  const kind = KINDS[mode];
  if (!kind) throw refused(`${visible(name)} has a file mode (${mode}) that is not known.`);
  return { name, kind, oid };
}

export const isFile = ({ kind }: Entry): boolean => kind === "file" || kind === "program";

/** Where a recipe lives: its directory and its spec. */
export interface Place {
  /** Path of the directory, empty at the top. */
  readonly directory: string;
  readonly entries: readonly Entry[];
  readonly spec: Entry;
}

/** Finds the spec by the recipe's path, which names the spec or its directory. */
export async function findSpec(
  git: Git,
  tree: string,
  recipe: { readonly name: string; readonly path: string },
): Promise<Place> {
  const parts = recipe.path.split("/").filter((part) => part !== "" && part !== ".");
  const trail: string[] = [];
  let entries = await listTree(git, tree);
  for (const part of parts) {
    const entry = entries.find(({ name }) => name === part);
    const directory = trail.join("/");
    if (!entry) throw refused(`${visible(recipe.path)}: there is no such file or directory.`);
    if (isFile(entry)) return placeOf({ directory, entries }, entry, trail.length === parts.length - 1);
    trail.push(part);
    if (entry.kind !== "directory")
      throw refused(
        `${visible(trail.join("/"))} is a ${entry.kind}; put the recipe's files there themselves.`,
      );
    entries = await listTree(git, entry.oid);
  }
  return placeOf({ directory: trail.join("/"), entries }, specAmong(entries, recipe), true);
}

function specAmong(
  entries: readonly Entry[],
  recipe: { readonly name: string; readonly path: string },
): Entry {
  const specs = entries.filter(({ name }) => name.endsWith(".spec"));
  const spec = specs.find(({ name }) => name === `${recipe.name}.spec`) ?? specs[0];
  if (!spec) throw refused(`${visible(recipe.path)}: there is no spec here.`);
  if (specs.length > 1 && spec.name !== `${recipe.name}.spec`)
    throw refused(`${visible(recipe.path)}: there are ${specs.length} specs here, none of this name.`);
  return spec;
}

const SPEC_NAME = /^[A-Za-z0-9][A-Za-z0-9._+~^-]{0,194}\.spec$/;

function placeOf(where: Omit<Place, "spec">, spec: Entry, isLast: boolean): Place {
  const path = visible(pathIn(where.directory, spec.name));
  if (!isLast) throw refused(`${path} is a file, not a directory.`);
  if (!isFile(spec)) throw refused(`${path} is a ${spec.kind}; put the spec there itself.`);
  if (!SPEC_NAME.test(spec.name))
    throw refused(`${path}: a spec's name is letters, digits and . _ + ~ ^ - and ends in .spec.`);
  return { ...where, spec };
}

export const pathIn = (directory: string, name: string): string =>
  directory ? `${directory}/${name}` : name;
