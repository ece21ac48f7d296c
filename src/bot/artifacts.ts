import type { Stage } from "../pipelines/stage.ts";
import { code } from "./markdown.ts";

/** What a build left, as a table. */
export function artifacts(stage: Stage): string {
  if (stage.kind !== "build" || !stage.files || stage.files.length === 0) return "";
  const rows = stage.files
    .slice(0, 100)
    .map((f) => `| ${code(f.name)} | ${bytes(f.size)} | ${code(f.sha256)} |`);
  const more = stage.files.length > 100 ? `\n\nand ${stage.files.length - 100} more` : "";
  return `| artifact | size | sha256 |\n|---|--:|---|\n${rows.join("\n")}${more}`;
}

function bytes(size: number): string {
  if (size < 1024) return `${size} B`;
  const power = size < 1024 ** 2 ? 1 : size < 1024 ** 3 ? 2 : 3;
  return `${(size / 1024 ** power).toFixed(1)} ${["B", "KiB", "MiB", "GiB"][power]}`;
}
