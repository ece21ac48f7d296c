import type { Release } from "../../pipelines/release/release.ts";
import type { RefusalBack } from "../../pipelines/release/rollback-gate.ts";
import type { Run, Trigger } from "../../pipelines/run.ts";
import { code, fence } from "../markdown/markdown.ts";
import { leaveSentence } from "./leave.ts";
import { stopHint } from "./stop-release.ts";

/** What is said of channels that go back to an older release. */

type Back = Extract<Trigger, { kind: "rollback" }>;

/** Clients refuse what is older than what they have, unless they are asked. */
export const CLIENTS = `Clients do not take older packages by themselves. Whoever has installed what came in between goes back with dnf:

${fence("sudo dnf --refresh distro-sync")}

With zypper:

${fence("sudo zypper refresh\nsudo zypper dup --allow-downgrade")}`;

const HEADS: Readonly<Record<string, (of: string, number: string) => string>> = {
  queued: (of) => `Waiting to go back to ${of}`,
  in_progress: (of) => `Going back to ${of}`,
  success: (of, number) => `Went back to ${of}, as ${number}`,
  cancelled: (of) => `Cancelled: not gone back to ${of}`,
};

/** The title of the channel's check. */
export const backTitle = (state: string, { of, number }: Back): string =>
  (HEADS[state] ?? ((release) => `Could not go back to ${release}`))(of, number);

/** `told`: what the publication says of itself; `isLost`: it came to an end, and not to its own. */
export const backSummary = (
  { leave }: Pick<Run, "leave">,
  { of }: Back,
  { told, isLost }: { readonly told: string; readonly isLost: boolean },
): string =>
  [
    told,
    `Published, since ${leaveSentence(leave)}. It brings what ${code(of)} brought and nothing else; nothing is built for it.`,
    ...(isLost ? [] : [CLIENTS]),
  ].join("\n\n");

interface Wanted {
  readonly channel: string;
  readonly number: string;
}

/** A rule that does not let it pass, as a sentence without its end. */
function sentence({ channel, number }: Wanted, refusal: RefusalBack): string {
  switch (refusal.rule) {
    case "channel":
      return `the config names no channel ${code(channel)} that has numbered releases`;
    case "known":
      return `there is no release ${code(number)} of ${code(channel)}`;
    case "published":
      return `${code(number)} was not published to ${code(channel)}`;
    case "other":
      return refusal.of === undefined
        ? `${code(channel)} shows ${code(refusal.now)} now`
        : `${code(channel)} shows ${code(refusal.of)} now, brought back as ${code(refusal.now)}`;
    case "alone":
      return `${code(refusal.number)} is still on its way to ${code(channel)}; ${stopHint(channel, refusal.number)}`;
    default:
      return refusal satisfies never;
  }
}

export const backAnswers = {
  /** `ended`: the last day of the channel's support, if it is over. */
  started: ({ channel, of = "", number, inputs: { sha } }: Release, ended: string | undefined): string =>
    [
      `${code(channel)} goes back to ${code(of)}, as ${code(number)}: the check ${code(`millwright:${channel}`)} of ${code(sha.slice(0, 10))} tells how it goes.`,
      ...(ended === undefined ? [] : [`Its support ended on ${ended}; it goes back all the same.`]),
      CLIENTS,
    ].join("\n\n"),
  refused: (wanted: Wanted, refusals: readonly RefusalBack[]): string =>
    `Not gone back:\n\n${refusals.map((refusal) => `- ${sentence(wanted, refusal)}`).join("\n")}`,
} as const;
