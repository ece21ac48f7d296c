import type { Made } from "../../pipelines/graph/made.ts";
import type { Run } from "../../pipelines/run.ts";
import { code } from "../markdown/markdown.ts";

/** What is said of what was built again since something that it needs became another. */

const LISTED = 50;

export function rebuilt({ jobs }: Run): string {
  const reasons = new Map(
    jobs.map(({ recipe, again }) => [recipe.name, Object.keys(again?.after ?? {})] as const),
  );
  const lines = [...reasons].map(([name, after]) => `- ${code(name)}: ${list(after)}`);
  const more = lines.length > LISTED ? [`- and ${lines.length - LISTED} more`] : [];
  return `Each is built again since this became another:\n\n${[...lines.slice(0, LISTED), ...more].join("\n")}`;
}

const NAMED = 10;

const list = (paths: readonly string[]): string =>
  [
    ...paths.slice(0, NAMED).map((path) => code(path)),
    ...(paths.length > NAMED ? [`${paths.length - NAMED} more`] : []),
  ].join(", ");

/** A recipe of a channel, as `/why` tells of it. */
interface Asked {
  readonly recipe: string;
  readonly channel: string;
}

export const whyRebuilt = {
  unknown: ({ recipe, channel }: Asked): string =>
    `Nothing of ${code(recipe)} is known in ${code(channel)}: nothing of it was published yet.`,
  off: ({ recipe, channel }: Asked): string =>
    `${code(recipe)} is built for ${code(channel)} by pushes alone: the config asks for no \`rebuild\` there.`,
  /** For one target and arch. */
  last: (place: string, { again, from }: Made): string =>
    again
      ? `- ${code(place)}: built again last by ${code(again.run)}, since ${list(again.after)} became another. ${again.same ? "What came out is the same, so what needs it was left as it is." : "What came out is another, so what needs it was built again, too, where that is asked for."}`
      : `- ${code(place)}: not built again since a push built it (${code(from)}).`,
  due: (place: string, after: readonly string[]): string =>
    `- ${code(place)}: to be built again, since ${list(after)} became another after it was built.`,
  asked: (place: string, run: string, after: readonly string[]): string =>
    `- ${code(place)}: ${code(run)} was asked to build it again, since ${list(after)} became another.`,
  rest: (place: string): string =>
    `- ${code(place)}: nothing that it needs became another since, so it is not built again.`,
};
