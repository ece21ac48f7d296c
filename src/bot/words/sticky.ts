import type { Run } from "../../pipelines/run.ts";
import { code } from "../markdown.ts";
import { commit } from "./commit.ts";

export const stickyMarker = "<!-- millwright:sticky -->";

/** The one comment on a pull request: what is built, and how it stands. */
export function sticky(
  run: Run,
  rows: readonly { name: string; title: string; url?: string | undefined }[],
): string {
  const head = `**Millwright** at ${commit(run)}`;
  const table = rows.map(
    ({ name, title, url }) => `| ${code(name)} | ${title} | ${url ? `[log](${url})` : ""} |`,
  );
  return `${stickyMarker}\n${head}\n\n| job | state | |\n|---|---|---|\n${table.join("\n")}\n`;
}
