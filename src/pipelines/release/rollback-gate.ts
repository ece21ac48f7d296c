import type { Before } from "./promotion-gate.ts";
import { isPublished, type Release } from "./release.ts";
import type { Run } from "../run.ts";

/** What is known when a channel is to go back. */
export interface AskedBack {
  /** Do the rules name the channel, and are its releases numbered? */
  readonly isNumbered: boolean;
  /** The release that is to be brought back. A rollback stands for the one that it brought back. */
  readonly release?: Release | undefined;
  readonly run?: Run | undefined;
  /** What came to the channel last, and what came after it without being published; the newest first. */
  readonly before: readonly Before[];
}

/** A rule that does not let it pass, with what a sentence needs. */
export type RefusalBack =
  | { readonly rule: "channel" }
  | { readonly rule: "known" }
  | { readonly rule: "published" }
  | { readonly rule: "other"; readonly now: string; readonly of?: string }
  | { readonly rule: "alone"; readonly number: string };

type Rule = (asked: AskedBack) => RefusalBack | undefined;

/** The rules name the channel, and it has numbered releases. */
export const channel: Rule = ({ isNumbered }) => (isNumbered ? undefined : { rule: "channel" });

/** The channel has a release of this number, with the record of its run. */
export const known: Rule = ({ release, run }) =>
  release && run && release.keptFor === undefined ? undefined : { rule: "known" };

/** It was published in this very channel. */
export const published: Rule = ({ run }) => (!run || isPublished(run) ? undefined : { rule: "published" });

/** It is not what the channel shows now. */
export const other: Rule = ({ release, before }) => {
  const now = before.find(({ state }) => state === "published");
  if (!release || !now || (now.of ?? now.number) !== release.number) return undefined;
  return { rule: "other", now: now.number, ...(now.of !== undefined && { of: now.of }) };
};

/** Nothing is on its way to the channel. */
export const alone: Rule = ({ before }) => {
  const one = before.find(({ state }) => state === "under way");
  return one && { rule: "alone", number: one.number };
};

const RULES = [channel, known, published, other, alone];

/**
 * May the channel go back to this release? By every rule that says no; none: it may. That its support ended does not
 * matter: who still has the channel is not to be left with what is broken.
 */
export const rollbackGate = (asked: AskedBack): readonly RefusalBack[] =>
  RULES.flatMap((rule) => rule(asked) ?? []);
