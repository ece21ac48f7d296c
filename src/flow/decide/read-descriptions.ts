import type { Config } from "../../bot/config/config.ts";
import type { RepoRef } from "../../bot/events.ts";
import type { Images } from "../../bot/work/images.ts";
import { findAll, kindOf } from "../../bot/work/recipes.ts";
import { type Description, isForeign, readDescription } from "../../pipelines/kiwi/description.ts";
import { includedPaths, withIncluded } from "../../pipelines/kiwi/include.ts";
import type { Mistake } from "../../pipelines/xml.ts";
import type { GitHub } from "../../ports-github.ts";

/** So many are read of one commit. */
const READ_MAX = 50;

interface Commit {
  readonly repo: RepoRef;
  readonly sha: string;
  readonly paths: readonly string[];
  readonly config: Pick<Config, "recipes">;
}

/** The image descriptions of a commit with what they include; what is a part of another is none of its own. */
export async function readDescriptions(
  github: Pick<GitHub, "file">,
  { repo, sha, paths, config }: Commit,
): Promise<Images["described"]> {
  const asked = Object.values(config.recipes).flatMap(({ path }) => path ?? []);
  const claimed = new Set(asked.filter((path) => kindOf(path) === "image" && paths.includes(path)));
  const files = [...new Set([...claimed, ...findAll(paths).candidates])].slice(0, READ_MAX);
  const text = async (path: string) => (await github.file(repo, path, sha)) ?? "";
  const parts = new Set<string>();
  const found = new Map<string, Description | Mistake>();
  for (const [path, xml] of await Promise.all(files.map(async (path) => [path, await text(path)] as const))) {
    // A `config.xml` may be anybody's.
    if (!path.endsWith(".kiwi") && !claimed.has(path) && isForeign(xml)) continue;
    const whole = await withParts(path, { description: readDescription(xml), text, parts });
    found.set(path, whole);
  }
  return new Map([...found].filter(([path]) => claimed.has(path) || !parts.has(path)));
}

interface Reading {
  readonly description: Description | Mistake;
  readonly text: (path: string) => Promise<string>;
  /** Gathers what is included. */
  readonly parts: Set<string>;
}

async function withParts(
  path: string,
  { description, text, parts }: Reading,
): Promise<Description | Mistake> {
  if ("sentence" in description) return description;
  const included = includedPaths(path, description.includes);
  if ("sentence" in included) return included;
  for (const { path } of included) parts.add(path);
  const read = await Promise.all(included.map(async ({ path }) => readDescription(await text(path), "part")));
  const sound = included.flatMap(({ path }, i) => {
    const part = read[i];
    return part && !("sentence" in part) ? [{ path, description: part }] : [];
  });
  // Which file and line is wrong is told by the source stage, that has them all.
  const wrong = included.find((_, i) => "sentence" in (read[i] ?? {}));
  return wrong ? { line: wrong.line, sentence: wrong.path } : withIncluded(description, sound);
}
