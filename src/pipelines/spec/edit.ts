/** A piece of one line. */
interface Place {
  readonly index: number;
  readonly from: number;
  readonly to: number;
}

/** The plain beginning of a value: macros behind it stay. */
export function valueAt(line: number, column: number, raw: string): Place | undefined {
  const percent = raw.indexOf("%");
  const length = percent < 0 ? raw.length : percent;
  return length === 0 ? undefined : { index: line - 1, from: column - 1, to: column - 1 + length };
}

/** The name in `%{name}` or `%name`, if there is nothing else. */
export function wholeMacro(raw: string): string | undefined {
  const inside = raw.startsWith("%{") && raw.endsWith("}") ? raw.slice(2, -1) : raw.slice(1);
  return raw.startsWith("%") && inside !== "" && Array.from(inside).every(isWord) ? inside : undefined;
}

const isWord = (char: string): boolean =>
  char === "_" || (char >= "0" && char <= "9") || char.toLowerCase() !== char.toUpperCase();

/** Where a macro gets its value, if it gets one only once, and a plain one. */
export function definitionOf(lines: readonly string[], name: string): Place | undefined {
  const found = lines.flatMap((line, index): readonly Place[] => {
    const words = line.split(/\s+/).filter((word) => word !== "");
    const [how = "", what, value = ""] = words;
    if ((how !== "%define" && how !== "%global") || what !== name) return [];
    const from = line.indexOf(value, line.indexOf(name) + name.length);
    return [{ index, from, to: from + (words.length === 3 ? value.length : 0) }];
  });
  const [only] = found;
  const value = only && lines[only.index]?.slice(only.from, only.to);
  return found.length === 1 && value && !value.includes("%") ? only : undefined;
}

/** Puts a value where another stood. */
export function replaceAt(lines: string[], { index, from, to }: Place, value: string): void {
  const line = lines[index] ?? "";
  lines[index] = line.slice(0, from) + value + line.slice(to);
}
