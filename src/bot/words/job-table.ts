import { code, link } from "../markdown/markdown.ts";
import type { Row } from "../check/rows.ts";
import { bytesOf } from "../shorten.ts";

const WORST_FIRST: readonly Row["is"][] = ["bad", "open", "passed"];

/** Jobs and how they stand. Where there are more than fit, what did not pass comes first. */
export function jobTable(
  rows: readonly Row[],
  max: { readonly rows: number; readonly bytes: number },
): string {
  const hasLogs = rows.some(({ url }) => url !== undefined);
  const head = hasLogs ? "| job | state | |\n|---|---|---|" : "| job | state |\n|---|---|";
  const cells = (row: Row) => `| ${code(row.name)} | ${row.state} |${hasLogs ? ` ${log(row)} |` : ""}`;
  const all = rows.map((row) => ({ row, line: cells(row) }));
  if (all.length <= max.rows && fits(all, max.bytes).length === all.length)
    return [head, ...all.map(({ line }) => line)].join("\n");
  const sorted = WORST_FIRST.flatMap((is) => all.filter(({ row }) => row.is === is));
  const shown = fits(sorted.slice(0, max.rows), max.bytes);
  const rest = sorted.slice(shown.length);
  const passed = rest.every(({ row }) => row.is === "passed") ? ", which passed" : "";
  const table = shown.length > 0 ? [[head, ...shown.map(({ line }) => line)].join("\n")] : [];
  return [...table, `And ${rest.length} more${passed}; each has a check of its own.`].join("\n\n");
}

const log = ({ url }: Row): string => (url === undefined ? "" : link("log", url));

/** The first of them that take no more than so many bytes. */
function fits<T extends { readonly line: string }>(lines: readonly T[], max: number): readonly T[] {
  let room = max;
  const end = lines.findIndex(({ line }) => (room -= bytesOf(line) + 1) < 0);
  return end < 0 ? lines : lines.slice(0, end);
}
