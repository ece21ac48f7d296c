import type { Run } from "./run.ts";

/**
 * The release suffix of builds for `pr/` and `devel`: time, branch or pull request, commit. A later build
 * is newer and no two share a NEVRA; releases keep the spec's own. Those of a nightly have its number.
 */
export function releaseSuffix(run: Pick<Run, "trigger" | "at">): string {
  const { trigger, at } = run;
  const time = Array.from(at)
    .filter((c) => c >= "0" && c <= "9")
    .join("")
    .slice(0, 14);
  if (trigger.kind === "nightly") return `.${trigger.number}.g${trigger.sha.slice(0, 7)}`;
  if (trigger.kind === "promotion") return NONE;
  const name = trigger.kind === "pull" ? `pr${trigger.number}` : plain(trigger.branch);
  return `.${time}.${name}.g${trigger.sha.slice(0, 7)}`;
}

/** How the build stage is told that the spec's own release stands. */
const NONE = "-";

/** rpm allows no `-` in a release; what is not a letter or a digit becomes `_`. */
const plain = (branch: string): string =>
  Array.from(branch, (c) => (PLAIN.has(c) ? c : "_"))
    .join("")
    .slice(0, 40);

const PLAIN = new Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");
