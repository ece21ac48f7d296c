import type { Aliases } from "../../pipelines/aliases.ts";
import type { Followed } from "../../pipelines/laid.ts";
import type { Tool } from "../../pipelines/toolchain.ts";
import { code } from "../markdown/markdown.ts";

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
  noToolchain: (target: string, known: readonly string[]) =>
    known.length === 0
      ? `${target} has no toolchains to choose from`
      : `${target} has no such toolchain; it has ${known.join(", ")}`,
  noVersion: (
    place: string,
    {
      name,
      range,
      here,
    }: { readonly name: string; readonly range: string; readonly here: readonly string[] },
  ) =>
    here.length === 0
      ? `${place} has no ${name}`
      : `${place} has ${name} ${here.join(", ")}, and nothing that is ${range}`,
  /** What a build root gets besides. */
  tools: (tools: readonly Tool[]) =>
    `Built with ${tools.map(({ name, version }) => code(`${name} ${version}`)).join(", ")} ahead of what the target has.`,
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
