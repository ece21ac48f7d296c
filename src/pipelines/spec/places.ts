import { readSpec, sourceFile } from "./spec.ts";
import { BODIES } from "./words.ts";

/** Where a spec speaks of what rpmbuild complains of. Lines are counted from 1; `undefined`: nowhere. */
export interface SpecPlaces {
  /** Number of lines. */
  readonly length: number;
  /** The tag of this BuildRequires, given as rpm says it (`zork-devel`, `pkgconfig(zork) >= 3`). */
  requirement(text: string): number | undefined;
  /** The Source or Patch of this file name. */
  source(file: string): number | undefined;
  /** The entry of `%files` that made rpm look for this path, or the first `%files`. */
  file(path: string): number | undefined;
  /** The first line that uses this macro, given with its `%`. */
  macro(name: string): number | undefined;
}

export function specPlaces(text: string): SpecPlaces {
  const spec = readSpec(text);
  const lines = text.split("\n");
  const listed = listedFiles(lines);
  return {
    length: lines.length,
    requirement: (wanted) => {
      const [name = ""] = wanted.split(" ");
      return spec.buildRequires.find(({ value }) => wordsOf(value).includes(name))?.line;
    },
    source: (file) =>
      [...spec.patches, ...spec.sources].find(({ value }) => sourceFile(value) === file)?.line,
    file: (path) => (listed.find(({ end }) => end !== "" && path.endsWith(end)) ?? listed[0])?.line,
    macro: (name) => lineOf(lines.findIndex((line) => wordsOf(line).includes(name))),
  };
}

const wordsOf = (text: string): readonly string[] =>
  text
    .replaceAll("\t", " ")
    .replaceAll(",", " ")
    .split(" ")
    .filter((word) => word !== "");

const lineOf = (index: number): number | undefined => (index < 0 ? undefined : index + 1);

interface Listed {
  readonly line: number;
  /** What stands behind the last macro of an entry: rpm's path ends so. Of `%files` itself nothing. */
  readonly end: string;
}

function listedFiles(lines: readonly string[]): readonly Listed[] {
  const listed: Listed[] = [];
  let isFiles = false;
  for (const [index, line] of lines.entries()) {
    const words = wordsOf(line.trim());
    const section = words[0]?.startsWith("%") ? words[0].slice(1) : "";
    const isSection = BODIES.has(section) || section === "package";
    if (isSection) isFiles = section === "files";
    const entry = isSection ? "" : (words.at(-1) ?? "");
    if (isFiles) listed.push({ line: index + 1, end: entry.slice(entry.lastIndexOf("}") + 1) });
  }
  return listed;
}
