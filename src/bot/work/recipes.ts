import type { Recipe } from "../../pipelines/run.ts";

/** A recipe of a kind that this version does not build. `service`: a `_service` that no spec stands beside. */
export interface Unbuilt {
  readonly kind: "service";
  readonly path: string;
}

/** What the paths of a commit show. Of `candidates` and `treefiles` only the content tells whether they are what they seem. */
export interface Found {
  readonly recipes: readonly Recipe[];
  readonly unbuilt: readonly Unbuilt[];
  readonly candidates: readonly string[];
  readonly treefiles: readonly string[];
}

/**
 * All that can be found without a config, what is not built yet too. Hidden files and folders hold nothing of it.
 * `known`: the files that are image descriptions and treefiles; absent: whatever is called so.
 */
export function findAll(paths: readonly string[], known?: ReadonlySet<string>): Found {
  const seen = paths.filter((path) => isPlain(path) && !isHidden(path)).toSorted();
  const specs = seen.filter((path) => path.endsWith(".spec"));
  const described = seen.filter((path) => known?.has(path) ?? (path.endsWith(".kiwi") || isTreefile(path)));
  const packages = new Set(specs.map(folderOf));
  const unbuilt = seen.flatMap((path): readonly Unbuilt[] => {
    const kind = unbuiltKind(path);
    return kind && !(kind === "service" && packages.has(folderOf(path))) ? [{ kind, path }] : [];
  });
  return {
    recipes: named([...specs, ...described].toSorted()),
    unbuilt,
    candidates: seen.filter((path) => fileOf(path) === CONFIG || path.endsWith(".kiwi")),
    treefiles: seen.filter(isTreefile),
  };
}

/** The kind of a recipe that is not built yet, by its file's name. */
export function unbuiltKind(path: string): Unbuilt["kind"] | undefined {
  return fileOf(path) === "_service" ? "service" : undefined;
}

const isTreefile = (path: string): boolean =>
  TREEFILES.has(fileOf(path)) || TREE_ENDS.some((end) => path.endsWith(end));

/** The names of treefiles in the field: CoreOS's and bootc's manifests, and what is plainly called so. */
const TREEFILES = new Set([
  "manifest.yaml",
  "manifest.yml",
  "treefile.yaml",
  "treefile.yml",
  "treefile.json",
]);
const TREE_ENDS = [".treefile.yaml", ".treefile.yml", ".treefile.json"];

/** Two recipes of one name are told apart by their folder, and where that is one too, an image goes by its whole path. */
function named(paths: readonly string[]): readonly Recipe[] {
  const stems = Map.groupBy(paths, stem);
  const long = Map.groupBy(paths, longName);
  return paths.flatMap((path): readonly Recipe[] => {
    const kind = kindOf(path);
    if (!kind) return [];
    const isAlone = stems.get(stem(path))?.length === 1;
    const isKnown = kind === "rpm" || long.get(longName(path))?.length === 1;
    return [{ kind, name: isAlone ? stem(path) : isKnown ? longName(path) : path, path }];
  });
}

/** What a file is a recipe of, by its name alone. */
export function kindOf(path: string): Recipe["kind"] | undefined {
  if (path.endsWith(".spec")) return "rpm";
  if (isTreefile(path)) return "tree";
  return path.endsWith(".kiwi") || fileOf(path) === CONFIG ? "image" : undefined;
}

const CONFIG = "config.xml";

function stem(path: string): string {
  const name = longName(path);
  return name.slice(name.lastIndexOf("/") + 1);
}

/** The name of a recipe with its folders; what is called like all of its kind goes by its folder. */
export function longName(path: string): string {
  if (fileOf(path) === CONFIG) return folderOf(path) || "image";
  if (TREEFILES.has(fileOf(path))) return folderOf(path) || "tree";
  const end = TREE_ENDS.find((one) => path.endsWith(one));
  if (end !== undefined) return path.slice(0, -end.length);
  return path.slice(0, path.lastIndexOf("."));
}

export const fileOf = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

/** The folder of a file, "" at the root. */
export const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf("/")));

const isHidden = (path: string): boolean => path.startsWith(".") || path.includes("/.");

const PATH_MAX = 200;
/** Git lets a path hold line ends and worse; a path becomes part of keys and of a manifest's lines. */
const isPlain = (path: string): boolean =>
  path.length <= PATH_MAX && Array.from(path).every((c) => c >= " " && c !== "\u007f");
