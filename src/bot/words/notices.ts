import type { ConfigProblem } from "../config/config.ts";
import type { Run } from "../../pipelines/run.ts";
import { code } from "../markdown/markdown.ts";
import { problemLine } from "./config.ts";
import { leftList } from "./left.ts";

/** What is said of a commit of which nothing is built. */
export interface Notice {
  readonly title: string;
  readonly summary: string;
}

/** The title of what waits for an ACK. */
export const WAITING = "Waiting for a committer";

/** How a commit comes to be built, for committers who look at it. */
export const howToAck = (sha: string): string =>
  `A committer who has read the change has it built with ${code(`/ack ${sha.slice(0, 10)}`)} in a comment, or with the button **ACK and build** on the check \`millwright\`. An ACK is for one commit: a new push needs a new one.`;

export const notices = {
  untrusted: (rule: string, sha: string, risks: string): Notice => ({
    title: WAITING,
    summary: `${code(sha)} is not built without an ACK: ${rule}. ${howToAck(sha)}\n\n${risks}`,
  }),
  config: (path: string, problems: readonly ConfigProblem[]): Notice => ({
    title: `${path} on the default branch has ${problems.length === 1 ? "a mistake" : `${problems.length} mistakes`}`,
    summary: `Nothing was built, since the rules cannot be read:\n\n${problems
      .slice(0, 50)
      .map(problemLine)
      .join("\n")}`,
  }),
  nothing: (left: Run["left"]): Notice =>
    left.length === 0
      ? {
          title: "Nothing to build",
          summary:
            "No recipe was found at this commit. Millwright builds every `*.spec` outside hidden folders.",
        }
      : {
          title: "Nothing to build: no recipe is touched",
          summary: `Found, but not built:\n\n${leftList(left)}\n\n${code("/build <recipe>")} in a comment builds a recipe all the same.`,
        },
  noTargets: (path: string): Notice => ({
    title: "The config names no target",
    summary: `\`targets\` in \`${path}\` on the default branch asks for no arch at all, so there is nothing to build. Name a target with at least one arch, or leave \`targets\` out to get this deployment's defaults.`,
  }),
} as const;
