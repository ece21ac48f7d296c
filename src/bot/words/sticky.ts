import type { Newest } from "../../pipelines/newest.ts";
import type { Run } from "../../pipelines/run.ts";
import { code } from "../markdown.ts";
import { commit } from "./commit.ts";

export const stickyMarker = "<!-- millwright:sticky -->";

export interface Row {
  readonly name: string;
  readonly title: string;
  readonly url?: string | undefined;
}

/** The one comment on a pull request: what is built, and how it stands. */
export function sticky({ newest, run, rows }: StickyFacts): string {
  const at = run ? commit(run) : code(newest.sha.slice(0, 10));
  const head = `**Millwright** at ${at}${newest.refused ? `: ${newest.refused}` : ""}`;
  const parts = [stickyMarker + "\n" + head, ...(rows.length > 0 ? [table(rows)] : [])];
  return `${parts.join("\n\n")}\n`;
}

interface StickyFacts {
  readonly newest: Newest;
  readonly run: Run | undefined;
  readonly rows: readonly Row[];
}

function table(rows: readonly Row[]): string {
  const lines = rows.map(
    ({ name, title, url }) => `| ${code(name)} | ${title} | ${url ? `[log](${url})` : ""} |`,
  );
  return `| job | state | |\n|---|---|---|\n${lines.join("\n")}`;
}
