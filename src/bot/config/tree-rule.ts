import { derivedWords } from "../words/derived.ts";

/** What only recipes with a file of their own have. */
const OF_A_FILE = ["path", "paths", "profiles", "types", "upstream"] as const;

type Rule = Readonly<Partial<Record<(typeof OF_A_FILE)[number] | "tree" | "images", unknown>>>;

/** What in a recipe's rule does not go together: images are made of a tree, or of a file. */
export function treeRuleMistakes(
  rule: Rule,
): readonly { readonly path: readonly string[]; readonly message: string }[] {
  const { tree, images } = rule;
  if (tree === undefined)
    return images === undefined ? [] : [{ path: ["images"], message: derivedWords.onlyDerived }];
  const foreign = OF_A_FILE.filter((key) => rule[key] !== undefined);
  const wrong = foreign.map((key) => ({ path: [key], message: derivedWords.notDerived }));
  if (images === undefined) return [...wrong, { path: ["images"], message: derivedWords.noImages }];
  return Array.isArray(images) && images.length === 0
    ? [...wrong, { path: ["images"], message: derivedWords.noneOfThem }]
    : wrong;
}
