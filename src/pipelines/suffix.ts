import { isNumber } from "./release/release.ts";
import type { Run } from "./run.ts";

/**
 * The release suffix of builds for `pr/` and `devel`: time, branch or pull request, commit. A later build
 * is newer and no two share a NEVRA; releases keep the spec's own. Those of a nightly have its number, and what is built
 * again after a push that push's own suffix and the step: so it is older than what the next push builds.
 */
export function releaseSuffix(run: Pick<Run, "trigger" | "at">): string {
  const { trigger, at } = run;
  const time = Array.from(trigger.kind === "rebuild" ? trigger.since : at)
    .filter((c) => c >= "0" && c <= "9")
    .join("")
    .slice(0, 14);
  if (trigger.kind === "nightly") return `.${trigger.number}.g${trigger.sha.slice(0, 7)}`;
  if (trigger.kind === "promotion" || trigger.kind === "rollback") return NONE;
  const name = trigger.kind === "pull" ? `pr${trigger.number}` : plain(trigger.branch);
  const again = trigger.kind === "rebuild" ? `.r${trigger.step}` : "";
  return `.${time}.${name}.g${trigger.sha.slice(0, 7)}${again}`;
}

/** How the build stage is told that the spec's own release stands. */
const NONE = "-";

/** rpm allows no `-` in a release; what is not a letter or a digit becomes `_`. */
const plain = (branch: string): string =>
  Array.from(branch, (c) => (PLAIN.has(c) ? c : "_"))
    .join("")
    .slice(0, 40);

const PLAIN = new Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");

/** A package by its file's name, without `.rpm` and without the suffix that one of our builds gave its release. */
export function withoutSuffix(file: string): string {
  const name = file.endsWith(".rpm") ? file.slice(0, -".rpm".length) : file;
  const parts = name.split(".");
  const arch = parts.pop() ?? "";
  const whole = isStep(parts.at(-1)) ? parts.slice(0, -1) : parts;
  const [time = "", word = "", commit = ""] = whole.slice(-3);
  if (!isCommit(commit)) return name;
  const length = isNumber(word) ? 2 : time.length === 14 && isDigits(time) ? 3 : 0;
  return length === 0 ? name : [...whole.slice(0, whole.length - length), arch].join(".");
}

const isStep = (text = ""): boolean => text.length > 1 && text.startsWith("r") && isDigits(text.slice(1));
const isCommit = (text: string): boolean =>
  text.length === 8 && text.startsWith("g") && Array.from(text.slice(1)).every((c) => HEX.has(c));
const isDigits = (text: string): boolean => Array.from(text).every((c) => c >= "0" && c <= "9");
const HEX = new Set("0123456789abcdef");
