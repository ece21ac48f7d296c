import type { Recipe } from "../pipelines/run.ts";

/** A recipe of a kind that this version does not build. `service`: a `_service` that no spec stands beside. */
export interface Unbuilt {
  readonly kind: "service" | "image" | "tree";
  readonly path: string;
}

/** What the paths of a commit show. Of `candidates` only the content tells whether they are images (`isImage`). */
export interface Found {
  readonly recipes: readonly Recipe[];
  readonly unbuilt: readonly Unbuilt[];
  readonly candidates: readonly string[];
}

/** What can be built among the paths of a commit: every spec outside hidden folders, if its path is plain. */
export const findRecipes = (paths: readonly string[]): readonly Recipe[] => findAll(paths).recipes;

/** All that can be found without a config, what is not built yet too. Hidden files and folders hold nothing of it. */
export function findAll(paths: readonly string[]): Found {
  const seen = paths.filter((path) => isPlain(path) && !isHidden(path)).toSorted();
  const specs = seen.filter((path) => path.endsWith(".spec"));
  const packages = new Set(specs.map(folderOf));
  const unbuilt = seen.flatMap((path): readonly Unbuilt[] => {
    const kind = unbuiltKind(path);
    return kind && !(kind === "service" && packages.has(folderOf(path))) ? [{ kind, path }] : [];
  });
  return {
    recipes: named(specs),
    unbuilt,
    candidates: seen.filter((path) => fileOf(path) === "config.xml"),
  };
}

/** The kind of a recipe that is not built yet, by its file's name. */
export function unbuiltKind(path: string): Unbuilt["kind"] | undefined {
  const file = fileOf(path);
  if (file === "_service") return "service";
  if (file.endsWith(".kiwi")) return "image";
  return TREEFILES.has(file) || TREE_ENDS.some((end) => file.endsWith(end)) ? "tree" : undefined;
}

/** The names of treefiles in the field: CoreOS's and bootc's manifests, and what is plainly called so. */
const TREEFILES = new Set([
  "manifest.yaml",
  "manifest.yml",
  "treefile.yaml",
  "treefile.yml",
  "treefile.json",
]);
const TREE_ENDS = [".treefile.yaml", ".treefile.yml", ".treefile.json"];

/** Two specs of one name are told apart by their folder. */
function named(specs: readonly string[]): readonly Recipe[] {
  const count = new Map<string, number>();
  for (const path of specs) count.set(stem(path), (count.get(stem(path)) ?? 0) + 1);
  return specs.map((path) => ({
    kind: "rpm",
    name: (count.get(stem(path)) ?? 0) > 1 ? longName(path) : stem(path),
    path,
  }));
}

const stem = (path: string): string => longName(fileOf(path));

/** The name of a spec with its folders. */
export const longName = (path: string): string => path.slice(0, -".spec".length);

export const fileOf = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

/** The folder of a file, "" at the root. */
export const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf("/")));

const isHidden = (path: string): boolean => path.startsWith(".") || path.includes("/.");

const PATH_MAX = 200;
/** Git lets a path hold line ends and worse; a path becomes part of keys and of a manifest's lines. */
const isPlain = (path: string): boolean =>
  path.length <= PATH_MAX && Array.from(path).every((c) => c >= " " && c !== "\u007f");

/** Is this XML a kiwi description: is its root an `<image>`? Remarks, declarations and blanks may stand before it. */
export function isImage(xml: string): boolean {
  let at = xml.startsWith("\ufeff") ? 1 : 0;
  while (at < xml.length) {
    while (at < xml.length && xml.charAt(at).trim() === "") at += 1;
    const opening = PROLOGUE.find(([open]) => xml.startsWith(open, at));
    if (!opening) return xml.startsWith("<image", at) && END_OF_NAME.has(xml.charAt(at + "<image".length));
    const [open, close] = opening;
    const end = xml.indexOf(close, at + open.length);
    if (end < 0) return false;
    at = end + close.length;
  }
  return false;
}

const PROLOGUE = [
  ["<?", "?>"],
  ["<!--", "-->"],
  ["<!DOCTYPE", ">"],
] as const;
const END_OF_NAME = new Set([" ", "\t", "\r", "\n", ">", "/"]);
