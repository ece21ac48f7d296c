import type { Touches } from "../../pipelines/graph/touched.ts";
import { code } from "../markdown/markdown.ts";

/** What depends on what a run builds. */

export function touches({ direct, directs, behind, behinds }: Touches): string {
  const lines = [
    `- ${directs === 1 ? "1 recipe needs" : `${directs} recipes need`} it directly: ${list(direct, directs)}`,
    ...(behinds > 0
      ? [`- ${count(behinds)} behind ${directs === 1 ? "that" : "those"}: ${list(behind, behinds)}`]
      : []),
  ];
  return `What depends on this, by what was published last:\n\n${lines.join("\n")}`;
}

const count = (all: number): string => (all === 1 ? "1 recipe" : `${all} recipes`);

const list = (named: Touches["direct"], all: number): string =>
  [
    ...named.map(({ kind, name, repo }) =>
      [
        ...(kind === "rpm" ? [] : [kind]),
        code(name),
        ...(repo === undefined ? [] : [`of ${code(repo)}`]),
      ].join(" "),
    ),
    ...(all > named.length ? [`${all - named.length} more`] : []),
  ].join(", ");
