import type { Description } from "./description.ts";

/** The names in a list with commas, as kiwi writes arches and profiles. */
export const namesIn = (list = ""): readonly string[] =>
  list
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");

/**
 * What remarks wish of the Open Build Service: which profiles it builds, on which arches. A wish with a placeholder
 * (`@BUILD_FLAVOR@`) asks for all of them.
 */
export function obsWishes(text: string): Pick<Description, "wished" | "only" | "never"> {
  const wishes = new Map<string, readonly string[]>();
  for (const remark of remarksOf(text)) {
    const [word = "", ...values] = wordsOf(remark);
    if (WISHES.has(word) && !values.some((value) => value.includes("@"))) wishes.set(word, values);
  }
  return {
    wished: wishes.get("OBS-Profiles:") ?? [],
    only: wishes.get("OBS-ExclusiveArch:") ?? [],
    never: wishes.get("OBS-ExcludeArch:") ?? [],
  };
}

/** Words between blanks of any kind. */
const wordsOf = (text: string): readonly string[] =>
  text
    .replaceAll("\t", " ")
    .replaceAll("\r", " ")
    .replaceAll("\n", " ")
    .split(" ")
    .filter((word) => word !== "");

const WISHES = new Set(["OBS-Profiles:", "OBS-ExclusiveArch:", "OBS-ExcludeArch:"]);

/** So many characters of a remark are looked at: a wish is one line. */
const REMARK = 1000;

/** The remarks of a document that is well-formed. */
function remarksOf(text: string): readonly string[] {
  const remarks: string[] = [];
  for (let at = text.indexOf("<!--"); at >= 0; at = text.indexOf("<!--", at)) {
    const end = text.indexOf("-->", at + 4);
    if (end < 0) break;
    remarks.push(text.slice(at + 4, Math.min(end, at + REMARK)).trim());
    at = end;
  }
  return remarks;
}
