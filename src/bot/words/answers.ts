import { code } from "../markdown/markdown.ts";

const some = (names: readonly string[], max = 20): string => {
  const shown = names
    .slice(0, max)
    .map((name) => code(name))
    .join(", ");
  return names.length > max ? `${shown} and ${names.length - max} more` : shown;
};

/** What there is instead; foreign names stand as code. */
const there = (known: readonly string[]): string =>
  known.length === 0 ? "" : ` There ${known.length === 1 ? "is" : "are"} ${some(known)}.`;

/** What commands are answered. Each is Markdown of a few lines. */
export const answers = {
  /** `rule`: words of ours. */
  refused: (rule: string): string => `Not done: ${rule}.`,
  /** `because`: plain text, such as the title of a notice. */
  notBuilt: (because: string): string => `Not built: ${code(because)}.`,
  unknown: (name: string, nearest: string): string =>
    `There is no ${code(`/${name}`)}. Was ${code(`/${nearest}`)} meant? ${code("/help")} lists all commands.`,
  wrong: (because: string): string => `Not done. ${because}`,
  noJob: (word: string, known: readonly string[]): string =>
    `Nothing here is called ${code(word)}.${there(known)}`,
  noRun: "Nothing is built of the newest commit; the check `millwright` says why.",
  notOpen: "The pull request is closed: open it again to have it built.",
  rulesBroken:
    "The config on the default branch has a mistake, and nothing is built until it is mended; the check `millwright` says where.",
  acked: (sha: string): string => `ACK of ${code(sha.slice(0, 10))}: building it.`,
  ackedNotBuilt: (sha: string, because: string): string =>
    `ACK of ${code(sha.slice(0, 10))} noted, but not built: ${code(because)}.`,
  otherHead: (sha: string, head: string): string =>
    `Not done: ${code(sha)} is not the newest commit, which is ${code(head)}. Look at that one, then ${code(`/ack ${head.slice(0, 10)}`)}.`,
  raced: (head: string): string =>
    `Not done: a push came at about the same time. Look at ${code(head.slice(0, 10))}, then ${code(`/ack ${head.slice(0, 10)}`)}.`,
  nacked: (login: string): string => `NACK noted: ${code(login)} objects until they ACK.`,
  building: (names: readonly string[]): string => `Building ${some(names)}.`,
  again: (names: readonly string[]): string => `Trying again: ${some(names)}.`,
  nothingToRetry: "Nothing to try again: what is not under way has passed.",
  alreadyBuilt: (names: readonly string[]): string => `Under way or passed already: ${some(names)}.`,
  untouched: `This pull request touches no recipe. Name one: ${code("/build <recipe>")}.`,
  noSuchArch: (arches: readonly string[], known: readonly string[]): string =>
    `Not built on ${some(arches)} here.${there(known)}`,
  stopped: (names: readonly string[]): string => `Stopped: ${some(names)}.`,
  nothingToStop: "Nothing to stop: nothing waits or runs.",
} as const;
