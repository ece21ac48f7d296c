import { LicenseExpression, NamedLicense, SpdxLicense } from "@cyclonedx/cyclonedx-library/Models";
import type { License } from "@cyclonedx/cyclonedx-library/Models";
import { isSupportedSpdxId } from "@cyclonedx/cyclonedx-library/SPDX";

/** A package's licence as its header says it: an id or an expression of SPDX where it is one, and else just words. */
export function licenceOf(text: string): License {
  if (isSupportedSpdxId(text)) return new SpdxLicense(text);
  return isExpression(wordsOf(text)) ? new LicenseExpression(text) : new NamedLicense(text);
}

/** Parentheses are words too. */
const wordsOf = (text: string): readonly string[] =>
  text
    .replaceAll(/[()]/g, " $& ")
    .split(/\s+/)
    .filter((word) => word !== "");

/** Ids, joined by AND, OR and WITH, in parentheses that are closed again. */
function isExpression(words: readonly string[]): boolean {
  let open = 0;
  let isTermNext = true;
  for (const [at, word] of words.entries()) {
    if (word === "(" || word === ")") {
      if (isTermNext !== (word === "(")) return false;
      open += word === "(" ? 1 : -1;
      if (open < 0) return false;
    } else if (isTermNext) {
      if (!isKnown(word, words[at - 1])) return false;
      isTermNext = false;
    } else if (JOINTS.has(word)) isTermNext = true;
    else return false;
  }
  return !isTermNext && open === 0;
}

const JOINTS: ReadonlySet<string> = new Set(["AND", "OR", "WITH"]);

/** An exception comes after WITH and nowhere else; `+` says: or a later version. */
const isKnown = (word: string, before: string | undefined): boolean =>
  word.includes("exception") === (before === "WITH") &&
  isSupportedSpdxId(word.endsWith("+") ? word.slice(0, -1) : word);
