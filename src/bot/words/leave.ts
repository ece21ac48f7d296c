import type { Run } from "../../pipelines/run.ts";
import { code } from "../markdown/markdown.ts";
import { rules } from "./rules.ts";

/** The rule by which a run's commit is built, as a sentence without its end. */
export function leaveSentence({ rule, by }: Run["leave"]): string {
  const sentence = new Map<string, string>(Object.entries(rules)).get(rule) ?? code(rule);
  return by === undefined ? sentence : `${sentence} (${code(by)})`;
}
