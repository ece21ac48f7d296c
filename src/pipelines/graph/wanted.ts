/**
 * The names in one `Requires` of a package. A rich one, such as `(libpng >= 1.6 with pkgconfig(zlib) < 2)`, may be
 * satisfied by any of several; what rpm itself provides is none.
 */
export function wantedIn(required: string): readonly string[] {
  if (required.startsWith("rpmlib(")) return [];
  if (!required.startsWith("(")) return [required];
  const names: string[] = [];
  let isVersion = false;
  for (const word of required.split(" ")) {
    const name = withoutBrackets(word);
    if (!isVersion && name !== "" && !BETWEEN.has(name)) names.push(name);
    isVersion = COMPARED.has(name);
  }
  return names;
}

const COMPARED = new Set(["<", "<=", "=", ">=", ">"]);
const BETWEEN = new Set(["and", "or", "if", "else", "with", "without", "unless", ...COMPARED]);

/** Brackets around words of a rich one; those that belong to a name stay. */
function withoutBrackets(word: string): string {
  const start = Array.from(word).findIndex((c) => c !== "(");
  if (start < 0) return "";
  let depth = 0;
  for (let end = start; end < word.length; end += 1) {
    if (word[end] === "(") depth += 1;
    if (word[end] === ")") depth -= 1;
    if (depth < 0) return word.slice(start, end);
  }
  return word.slice(start);
}
