import type { Aliases } from "../../pipelines/aliases.ts";
import type { Followed } from "../../pipelines/laid.ts";
import { code } from "../markdown.ts";

/** What is said of targets and the aliases that stand for them. */
export const targets = {
  /** A name as it was written, with what it stands for. */
  shown: (name: string, target: string) => (name === target ? name : `${name}, which is ${target} now,`),
  unknown: (known: readonly string[], aliases: Aliases) => {
    const others = Object.entries(aliases).map(([alias, target]) => `${alias} (${target} now)`);
    const more =
      others.length === 0 ? "" : `; ${others.join(", ")} ${others.length === 1 ? "stands" : "stand"} for one`;
    return `this deployment has no such target; it has ${known.join(", ")}${more}`;
  },
  ended: (family: string, known: readonly string[]) =>
    `this deployment has no release of ${family} that is still supported; it has ${known.join(", ")}`,
  /** That an alias stands for another target than the last time something was built. */
  moved: (followed: readonly Followed[]) =>
    followed
      .flatMap(({ alias, target, was }) =>
        was === undefined
          ? []
          : [
              `${code(alias)} is ${code(target)} from now on; it was ${code(was)}, for which nothing new is built or published unless \`targets\` names it.`,
            ],
      )
      .join("\n\n"),
} as const;
