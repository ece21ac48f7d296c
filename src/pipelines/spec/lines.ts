/** What rpm reads as one line: several physical ones where a macro's braces or a backslash keep it open. */
export interface SpecLine {
  readonly text: string;
  /** Number of its first physical line, from 1. */
  readonly line: number;
}

export interface SpecLines {
  readonly lines: readonly SpecLine[];
  /** Where a macro opens that the file never closes; what follows is then read line by line. */
  readonly unclosed?: number | undefined;
}

interface Nesting {
  readonly depth: Record<Closer, number>;
  continued: boolean;
}

type Closer = "}" | ")" | "]";

const CLOSER_OF: ReadonlyMap<string, Closer> = new Map([
  ["{", "}"],
  ["(", ")"],
  ["[", "]"],
]);

/** Joins physical lines as rpm does, in time linear in the text. */
export function specLines(text: string): SpecLines {
  const lines: SpecLine[] = [];
  const physical = text.split("\n");
  let unclosed: number | undefined;
  for (let at = 0; at < physical.length;) {
    const end = unclosed === undefined ? endOfLine(physical, at) : at + 1;
    if (end === undefined) {
      unclosed = at + 1;
    } else {
      lines.push({ text: physical.slice(at, end).join("\n"), line: at + 1 });
      at = end;
    }
  }
  return { lines, unclosed };
}

/** The index after the last physical line of the logical one at `start`, or nothing if it stays open. */
function endOfLine(physical: readonly string[], start: number): number | undefined {
  const nesting: Nesting = { depth: { "}": 0, ")": 0, "]": 0 }, continued: false };
  if (isComment(physical[start] ?? "")) return start + 1;
  for (let at = start; at < physical.length; at++) {
    follow(nesting, physical[at] ?? "");
    if (!isOpen(nesting)) return at + 1;
  }
  return Object.values(nesting.depth).some((depth) => depth > 0) ? undefined : physical.length;
}

const isComment = (line: string): boolean => {
  const text = line.trimStart();
  return text.startsWith("#") || text.startsWith("%dnl");
};

const isOpen = ({ depth, continued }: Nesting): boolean =>
  continued || depth["}"] > 0 || depth[")"] > 0 || depth["]"] > 0;

function follow(nesting: Nesting, line: string): void {
  const { depth } = nesting;
  nesting.continued = false;
  for (let at = 0; at < line.length; at++) {
    const char = line.charAt(at);
    if (char === "\\") {
      nesting.continued = at === line.length - 1;
      at++;
    } else if (char === "%") {
      const closer = CLOSER_OF.get(line.charAt(at + 1));
      if (closer) depth[closer]++;
      if (closer || line.charAt(at + 1) === "%") at++;
    } else {
      count(depth, char);
    }
  }
}

/** Plain brackets count only inside a macro's own. */
function count(depth: Nesting["depth"], char: string): void {
  const closer = CLOSER_OF.get(char);
  if (closer && depth[closer] > 0) depth[closer]++;
  if ((char === "}" || char === ")" || char === "]") && depth[char] > 0) depth[char]--;
}
