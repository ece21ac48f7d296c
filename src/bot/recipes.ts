import type { Recipe } from "../pipelines/run.ts";

/** What can be built among the paths of a commit: every spec outside hidden folders, if its path is plain. */
export function findRecipes(paths: readonly string[]): readonly Recipe[] {
  const specs = paths
    .filter((path) => path.endsWith(".spec") && isPlain(path))
    .filter((path) => !path.split("/").some((part) => part.startsWith(".")))
    .toSorted();
  const names = new Map<string, string>();
  for (const path of specs) {
    const name = path.slice(path.lastIndexOf("/") + 1, -".spec".length);
    // Two specs of one name are told apart by their folder.
    names.set(
      path,
      specs.filter((other) => other.endsWith(`/${name}.spec`) || other === `${name}.spec`).length > 1
        ? path.slice(0, -".spec".length)
        : name,
    );
  }
  return specs.map((path) => ({ kind: "rpm", name: names.get(path) ?? path, path }));
}

const PATH_MAX = 200;
/** Git lets a path hold line ends and worse; a path becomes part of keys and of a manifest's lines. */
const isPlain = (path: string): boolean =>
  path.length <= PATH_MAX && Array.from(path).every((c) => c >= " " && c !== "\u007f");
