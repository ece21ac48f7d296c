import type { Stage } from "../../pipelines/stage.ts";
import { CONTENTS, REPOSITORIES, ROOT } from "../../pipelines/release/papers.ts";
import { FACTS } from "../../pipelines/results.ts";
import { code } from "../markdown/markdown.ts";
import { bytes } from "./size.ts";

/** What a build left, as a table. */
export function artifacts(stage: Stage): string {
  const files = (stage.files ?? []).filter(({ name }) => !PAPERS.has(name));
  if (stage.kind !== "build" || files.length === 0) return "";
  const rows = files.slice(0, 100).map((f) => `| ${code(f.name)} | ${bytes(f.size)} | ${code(f.sha256)} |`);
  const more = files.length > 100 ? `\n\nand ${files.length - 100} more` : "";
  return `| artifact | size | sha256 |\n|---|--:|---|\n${rows.join("\n")}${more}`;
}

/** Not what was made, but what is told of it. */
const PAPERS: ReadonlySet<string> = new Set([CONTENTS, ROOT, REPOSITORIES, FACTS]);
