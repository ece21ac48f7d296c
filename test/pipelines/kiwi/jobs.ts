import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readDescription } from "../../../src/pipelines/kiwi/description.ts";
import { expand } from "../../../src/pipelines/kiwi/expand.ts";
import { includedPaths, withIncluded } from "../../../src/pipelines/kiwi/include.ts";
import { Arch } from "../../../src/pipelines/run.ts";

export const FIXTURES = join(import.meta.dirname, "../../fixtures/kiwi");

/** A description of the fixtures, with what it includes. */
export function descriptionAt(path: string) {
  const read = (path: string, as?: "part") => {
    const description = readDescription(readFileSync(join(FIXTURES, path), "utf8"), as);
    if ("sentence" in description) throw new Error(`${path}:${description.line}: ${description.sentence}`);
    return description;
  };
  const description = read(path);
  const included = includedPaths(path, description.includes);
  if ("sentence" in included) throw new Error(included.sentence);
  return withIncluded(
    description,
    included.map(({ path }) => ({ path, description: read(path, "part") })),
  );
}

/** The jobs of a description on all arches, one line each, as its golden file has them. */
export function jobsOf(path: string): string {
  const description = descriptionAt(path);
  return Arch.options
    .flatMap((arch) => {
      const images = expand(description, { arch });
      if ("sentence" in images) return [`${arch} line ${images.line}: ${images.sentence}`];
      return images.map(({ profile = "-", type }) => `${arch} ${profile} ${type}`);
    })
    .map((line) => `${line}\n`)
    .join("");
}

/** Where the golden list of a description is. */
export const goldenOf = (path: string): string => join(FIXTURES, `${path}.jobs`);
