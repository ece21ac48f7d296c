import { instant } from "../instant.ts";

/** What a changelog is told of an update. */
export interface Entry {
  /** ISO 8601. */
  readonly at: string;
  /** `Name <mail>`. */
  readonly author: string;
  readonly version: string;
}

/** openSUSE's `.changes` file with a new entry at its top, as `osc vc` writes them. */
export function withChanges(text: string, { at, author, version }: Entry): string {
  const { weekday, month, day, year } = dateOf(at);
  const date = `${weekday} ${month} ${String(day).padStart(2)} ${at.slice(11, 19)} UTC ${year}`;
  return `${"-".repeat(67)}\n${date} - ${author}\n\n- Update to version ${version}\n\n${text}`;
}

/** openSUSE's `.changes` file with more lines below the first of its newest entry. */
export function withChangeLines(text: string, more: readonly string[]): string {
  const lines = text.split("\n");
  const first = lines.findIndex((line) => line.startsWith("- "));
  if (first < 0) return text;
  const head = lines[first] ?? "";
  return [
    ...lines.slice(0, first),
    head.endsWith(":") ? head : `${head}:`,
    ...more.map((line) => `  * ${line}`),
    ...lines.slice(first + 1),
  ].join("\n");
}

/** The spec with a new entry at the top of its `%changelog`; where it has none, or one made by a macro, as it was. */
export function withChangelog(
  text: string,
  { at, author, version, release }: Entry & { readonly release: string },
): string {
  const lines = text.split("\n");
  const index = lines.findIndex((line) => line.trim() === "%changelog");
  if (index < 0) return text;
  const first = lines.slice(index + 1).find((line) => line.trim() !== "");
  if (first?.trimStart().startsWith("%")) return text;
  const { weekday, month, day, year } = dateOf(at);
  const date = `${weekday} ${month} ${String(day).padStart(2, "0")} ${year}`;
  const entry = [`* ${date} ${author} - ${version}-${release}`, `- Update to version ${version}`];
  lines.splice(index + 1, 0, ...entry, ...(first === undefined ? [] : [""]));
  return lines.join("\n");
}

function dateOf(at: string) {
  const [year = "", month = "", day = ""] = at.slice(0, 10).split("-");
  return {
    // 1970 began with a Thursday.
    weekday: WEEKDAYS[Math.floor(instant(at) / 86_400) % 7] ?? "",
    month: MONTHS[Number(month) - 1] ?? "",
    day: Number(day),
    year,
  };
}

const WEEKDAYS = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
