import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Arch } from "../../src/pipelines/run.ts";
import { readTreefile } from "../../src/bot/treefile/treefile.ts";
import { expandTree } from "../../src/bot/treefile/expand.ts";
import type { Treefiles } from "../../src/bot/treefile/includes.ts";

const FIXTURES = join(import.meta.dirname, "../fixtures/treefiles");

/** The treefiles of the fixtures; those in `parts` are included by others. */
export const treefiles = readdirSync(FIXTURES)
  .filter((name) => name.endsWith(".yaml") || name.endsWith(".json"))
  .toSorted();

const all: Treefiles = new Map(
  readdirSync(FIXTURES, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".yaml") || name.endsWith(".json"))
    .map((name) => [name, readTreefile(readFileSync(join(FIXTURES, name), "utf8"))]),
);

/** The jobs of a treefile on all arches, one line each, as its golden file has them. */
export function jobsOf(name: string): string {
  const lines = Arch.options.map((arch) => {
    const tree = expandTree(name, { arch, files: all });
    if ("sentence" in tree) return `${arch} ${tree.path}:${tree.line}: ${tree.sentence}`;
    return `${arch} ${tree.ref} from ${tree.repos.join(",")}: ${tree.packages.join(", ")}`;
  });
  return `${lines.join("\n")}\n`;
}

export const goldenOf = (name: string): string => join(FIXTURES, `${name}.jobs`);
