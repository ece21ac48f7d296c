import { distance } from "fastest-levenshtein";

/** Longer words are no slip of a finger, and not worth comparing. */
const LONGEST = 24;

/** The name that was probably meant: one slip in a short word, two in a longer one; two letters swapped are one. */
export function nearest<Name extends string>(word: string, names: readonly Name[]): Name | undefined {
  if (word.length < 2 || word.length > LONGEST) return undefined;
  const [best] = names
    .map((name) => ({ name, away: slips(word, name) }))
    .filter(({ name, away }) => away <= (name.length < 5 ? 1 : 2))
    .toSorted((a, b) => a.away - b.away);
  return best?.name;
}

function slips(word: string, name: string): number {
  const away = distance(word, name);
  return away === 2 && sorted(word) === sorted(name) ? 1 : away;
}

const sorted = (word: string): string => Array.from(word).toSorted().join("");
