import type { Job } from "../../pipelines/run.ts";
import type { Stage } from "../../pipelines/stage.ts";
import { UNCHANGED } from "../../pipelines/manifest/derived.ts";
import { code } from "../markdown/markdown.ts";

/** What is said of trees, and of the images that are made of them. */

type Facts = Readonly<Record<string, string>>;

/** In one line: which commit it is, and how many packages are others than in the last one. */
export function treeTitle({ facts = {}, packages }: Pick<Stage, "facts" | "packages">): string {
  const unchanged = facts[UNCHANGED];
  if (unchanged !== undefined) return `Nothing changed since ${brief(unchanged)}`;
  const commit = `Commit ${brief(facts["commit"] ?? "")}`;
  if (!packages) return commit;
  const { count } = packages;
  return `${commit}: ${count === 0 ? "the same packages" : count === 1 ? "1 package differs" : `${count} packages differ`}`;
}

const brief = (sum: string): string => sum.slice(0, 10);

/** The commit with its ref and version. */
export function treeSummary({ ref = "", commit, version, ...facts }: Facts): string {
  const unchanged = facts[UNCHANGED];
  if (unchanged !== undefined) return `${code(ref)} stays commit ${code(unchanged)}.`;
  if (commit === undefined) return "";
  return `Commit ${code(commit)} of ${code(ref)}${version === undefined ? "" : `, version ${code(version)}`}.`;
}

/** Of what an image is made; of a stage that had nothing to make. */
export function derivedSummary({ from = "" }: Pick<Job, "from">, facts: Facts): string {
  const { commit, version } = facts;
  const unchanged = facts[UNCHANGED];
  if (unchanged !== undefined)
    return `Its tree ${code(from)} stays commit ${code(unchanged)}, so the image that there is stays, too.`;
  return commit === undefined || version === undefined
    ? ""
    : `Made of commit ${code(commit)} of the tree ${code(from)}, as version ${code(version)}.`;
}

/** The line of a tree's or image's stage that passed; nothing for what is told of otherwise. */
export function madeTitle(stage: Stage, job: Job): string | undefined {
  const { kind, facts = {}, files = [] } = stage;
  if (job.from !== undefined && facts[UNCHANGED] !== undefined)
    return "Not made again: its tree did not change";
  if (kind !== "build" || job.recipe.kind === "rpm") return undefined;
  if (job.recipe.kind === "tree") return treeTitle(stage);
  return `Made: ${files.length === 1 ? "1 file" : `${files.length} files`}`;
}
