import type { Recipe } from "../pipelines/run.ts";

/** Finds what can be built among the paths of a commit: every spec outside hidden folders. */
export function findRecipes(paths: readonly string[]): readonly Recipe[] {
  const specs = paths
    .filter((path) => path.endsWith(".spec") && !path.split("/").some((part) => part.startsWith(".")))
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
