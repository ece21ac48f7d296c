/** One entry of BuildRequires: a name (or a rich dependency in its brackets) and a version, if it asks for one. */
export interface Dependency {
  readonly name: string;
  readonly version?: { readonly is: string; readonly than: string } | undefined;
}

const RELATIONS = new Set(["<", "<=", "=", "==", ">=", ">", "=<", "=>"]);

/** Reads a list as rpm does: entries divided by commas or blanks. */
export function dependencies(value: string): readonly Dependency[] {
  const words = dependencyWords(value);
  const found: Dependency[] = [];
  for (let at = 0; at < words.length; at++) {
    const [name, is, than] = [words[at] ?? "", words[at + 1] ?? "", words[at + 2]];
    const asks = RELATIONS.has(is) && than !== undefined;
    found.push(asks ? { name, version: { is, than } } : { name });
    if (asks) at += 2;
  }
  return found;
}

function dependencyWords(value: string): readonly string[] {
  const words: string[] = [];
  let start = 0;
  let depth = 0;
  for (let at = 0; at <= value.length; at++) {
    const char = value.charAt(at);
    if (char === "(") depth++;
    if (char === ")" && depth > 0) depth--;
    const divides = at === value.length || (depth === 0 && (char === "," || char.trim() === ""));
    if (divides && at > start) words.push(value.slice(start, at));
    if (divides) start = at + 1;
  }
  return words;
}
