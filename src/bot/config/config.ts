import { type Aliases, aliasesOn } from "../../pipelines/aliases.ts";
import { derivedMistakes } from "./derived.ts";
import { expressionMistakes, type Groups } from "./expressions.ts";
import { mistakesOf, placeOf } from "./mistakes.ts";
import { Rules } from "./schema.ts";
import { type Against, type Known, targetMistakes } from "./targets.ts";
import { toolchainMistakes } from "./toolchains.ts";
import { type Mistake, textMistakes } from "./text.ts";
import { hasAlias, parseYaml, type Yaml } from "./yaml.ts";
import { placesIn } from "./places.ts";

/** Where the repository's rules stand; read from the default branch only. */
export const CONFIG_PATH = ".millwright.yml";

/** The repository's rules, and where each recipe stands in the file: what it asks for is only seen at a commit. */
export type Config = Omit<Rules, "recipes"> & {
  readonly recipes: Readonly<Record<string, RecipeRule>>;
  /** What names of targets stand for that are aliases. */
  readonly aliases?: Aliases;
};
export type RecipeRule = Rules["recipes"][string] & { readonly place: Place };

/** Where something stands in a file: lines and columns count from 1, and the end is the last character that is meant. */
export interface Place {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** A mistake in the config, where it stands. */
export interface ConfigProblem {
  readonly line: number;
  readonly column: number;
  readonly endLine?: number;
  readonly endColumn?: number;
  readonly because: string;
  /** What probably was meant instead. */
  readonly suggestion?: string;
}

/** More than anybody mends at once. */
const PROBLEMS_MAX = 50;

/**
 * Reads the rules; every mistake is named with its place. With a deployment, so are targets that it has not: `now` (ISO
 * 8601 in UTC) says which of its aliases stand for what. With somebody who knows expressions, so are those that are none.
 */
export function readConfig(
  text: string,
  deployment?: Known & { readonly groupsOf?: Groups },
  now = "",
): Config | readonly ConfigProblem[] {
  const place = placesIn(text);
  const told = (mistakes: readonly Mistake[]) =>
    firsts(mistakes).map(({ from, to, ...said }) => ({ ...place(from, to), ...said }));
  const wrong = textMistakes(text);
  if (wrong.length > 0) return told(wrong);
  const yaml = parseYaml(text);
  if (yaml.document.errors.length > 0) return told(yaml.wrong).filter(isFirstInLine);
  if (hasAlias(yaml.document.contents)) return told(yaml.wrong);
  const parsed = Rules.safeParse(valueOf(yaml.document));
  const issues = parsed.success ? [] : mistakesOf(yaml.document, parsed.error.issues);
  const read = against(deployment, now);
  const missed = parsed.success && read ? missedIn(yaml.document, parsed.data, read) : [];
  const unread = parsed.success ? expressionMistakes(yaml.document, parsed.data, deployment?.groupsOf) : [];
  const mistakes = [...yaml.wrong, ...issues, ...missed, ...unread];
  if (!parsed.success || mistakes.length > 0) return told(mistakes);
  return withPlaces({ ...parsed.data, ...aliased(read) }, (name) => {
    const what = parsed.data.recipes[name]?.tree === undefined ? "path" : "tree";
    const { from, to } = placeOf(yaml.document, ["recipes", name, what]);
    return place(from, to);
  });
}

const missedIn = (document: Yaml, rules: Rules, read: Against): readonly Mistake[] => [
  ...targetMistakes(document, rules, read),
  ...derivedMistakes(document, rules, read),
  ...toolchainMistakes(document, rules, read),
];

const against = (known: Known | undefined, now: string): Against | undefined =>
  known && { known, aliases: known.aliases && aliasesOn(known, now) };

const aliased = (read: Against | undefined): Pick<Config, "aliases"> =>
  read?.aliases ? { aliases: read.aliases } : {};

function valueOf(document: Yaml): unknown {
  const value: unknown = document.toJS();
  return value === null || value === "" ? {} : value;
}

function withPlaces(rules: Rules, placeOf: (recipe: string) => Place): Config {
  const recipes = Object.entries(rules.recipes).map(
    ([name, rule]) => [name, { ...rule, place: placeOf(name) }] as const,
  );
  return { ...rules, recipes: Object.fromEntries(recipes) };
}

/** Where a line is not understood, what else is found in it says nothing. */
const isFirstInLine = ({ line }: ConfigProblem, i: number, all: readonly ConfigProblem[]): boolean =>
  all[i - 1]?.line !== line;

/** In the order of the file, and of each place the first: what follows from a mistake is no mistake of its own. */
function firsts(mistakes: readonly Mistake[]): readonly Mistake[] {
  const sorted = mistakes.toSorted((a, b) => a.from - b.from);
  return sorted.filter(({ from }, i) => sorted[i - 1]?.from !== from).slice(0, PROBLEMS_MAX);
}
