/** What is wrong with a recipe of images that are made of a tree. */
export const derivedWords = {
  unknown: (trees: readonly string[]): string =>
    trees.length === 0
      ? "no tree of this name was found; there is no treefile here"
      : `no tree of this name was found; ${listed(trees)} ${trees.length === 1 ? "is" : "are"} here`,
  noTree: (path: string): string => `${path} is no treefile, and images are made of trees only`,
  taken: "another recipe was found that goes by this name; give the images another one",
  noImages: "is missing: which images are made of the tree, such as qcow2",
  noneOfThem: "is empty: name an image, such as qcow2, or leave the recipe out",
  onlyDerived: "goes with `tree` only: of which tree are the images made?",
  notDerived: "does not go with `tree`: what is made of a tree has no file of its own",
  noArch: (tree: string, arches: readonly string[]): string =>
    `${tree} is not built on this arch; ${arches.length === 0 ? "it is on none" : `it is on ${arches.join(", ")}`}`,
  noMaker: (target: string, arches: readonly string[]): string =>
    arches.length === 0
      ? `this deployment makes no images of trees for ${target}`
      : `this deployment makes images of trees for ${target} only on ${arches.join(", ")}`,
} as const;

const LISTED = 10;

const listed = (names: readonly string[]): string =>
  `${names.slice(0, LISTED).join(", ")}${names.length > LISTED ? ` and ${names.length - LISTED} more` : ""}`;
