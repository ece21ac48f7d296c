/** One row of a diff as people read it; a number is absent where the line is not on that side. */
export interface DiffRow {
  readonly kind: "hunk" | "add" | "del" | "same";
  readonly before: number | undefined;
  readonly after: number | undefined;
  readonly text: string;
}

/** Reads `@@ -12,3 +14,4 @@ …`. */
const startsOf = (line: string): [number, number] => {
  const [, before = "", after = ""] = line.split(" ");
  return [Math.abs(Number.parseInt(before, 10)) || 0, Number.parseInt(after.slice(1), 10) || 0];
};

/** A unified diff (from its first hunk on) as rows with the line numbers of both sides. */
export const diffRows = (patch: string): readonly DiffRow[] => {
  let [before, after] = [0, 0];
  return patch.split("\n").map((line): DiffRow => {
    if (line.startsWith("@@")) {
      [before, after] = startsOf(line);
      return { kind: "hunk", before: undefined, after: undefined, text: line };
    }
    if (line.startsWith("+")) return { kind: "add", before: undefined, after: after++, text: line };
    if (line.startsWith("-")) return { kind: "del", before: before++, after: undefined, text: line };
    // "\ No newline at end of file" is no line of either side.
    if (line.startsWith("\\")) return { kind: "same", before: undefined, after: undefined, text: line };
    return { kind: "same", before: before++, after: after++, text: line };
  });
};
