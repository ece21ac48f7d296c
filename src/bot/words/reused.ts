import type { Stage } from "../../pipelines/stage.ts";
import { AS_TESTED, NOT_AS_TESTED } from "../../pipelines/compared.ts";
import { code, link } from "../markdown/markdown.ts";

export type LogUrl = (attempt: string) => string | undefined;

/** An attempt, with the way to its log where people can read it. */
function origin(attempt: string, logUrl: LogUrl): string {
  const url = logUrl(attempt);
  return url === undefined ? code(attempt) : `${code(attempt)} (${link("log", url)})`;
}

/** An equal build that this one was taken from. */
export const reused = ({ facts }: Stage, logUrl: LogUrl): string => {
  const from = facts?.["taken from"];
  return from === undefined
    ? ""
    : `An equal build had passed already, so this one was taken from ${origin(from, logUrl)}.`;
};

/** A trusted build beside one of the same inputs that was not trusted. */
export const compared = ({ facts = {} }: Stage, logUrl: LogUrl): string => {
  const [same, other] = [facts[AS_TESTED], facts[NOT_AS_TESTED]];
  if (same !== undefined)
    return `Its packages hold the same as those that were tested, in ${origin(same, logUrl)}.`;
  return other === undefined
    ? ""
    : `Built of the same inputs, its packages differ from those that were tested, in ${origin(other, logUrl)}.`;
};
