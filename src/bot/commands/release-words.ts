import { isNumber } from "../../pipelines/release/release.ts";
import { wrongs } from "../words/commands.ts";

/** Words that could not be read as what a command needs. */
export interface Wrong {
  readonly because: string;
}

/** Names that people type: of channels, jobs, recipes. */
export const NAME_MAX = 300;

/** A release that is to be promoted, and where to. */
export interface ToPromote {
  readonly number: string;
  readonly channel?: string;
  readonly security?: true;
}

export function readPromotion(usage: string, words: readonly string[]): ToPromote | Wrong {
  const isSecurity = words.some((word) => word.toLowerCase() === SECURITY);
  const [number, channel, ...rest] = words.filter((word) => word.toLowerCase() !== SECURITY);
  if (rest.length > 0) return { because: wrongs.tooMany(usage) };
  if (number === undefined) return { because: wrongs.noNumber };
  if (!isNumber(number)) return { because: wrongs.otherNumber(number.slice(0, 60)) };
  if ((channel ?? "").length > NAME_MAX) return { because: wrongs.tooLong(NAME_MAX) };
  return { number, ...(channel !== undefined && { channel }), ...(isSecurity && { security: true }) };
}

const SECURITY = "--security";

/** A channel, if one is named. */
export function readChannel(
  usage: string,
  [channel, ...rest]: readonly string[],
): { readonly channel?: string } | Wrong {
  if (rest.length > 0) return { because: wrongs.tooMany(usage) };
  if (channel === undefined) return {};
  return channel.length > NAME_MAX ? { because: wrongs.tooLong(NAME_MAX) } : { channel };
}

/** A release of a channel. */
export interface OfChannel {
  readonly channel: string;
  readonly number: string;
}

/** A channel and one of its numbers, in whichever order. */
export function readOfChannel(usage: string, words: readonly string[]): OfChannel | Wrong {
  const [first, second, ...rest] = words;
  if (rest.length > 0) return { because: wrongs.tooMany(usage) };
  if (first === undefined || second === undefined) return { because: wrongs.tooFew(usage) };
  const [channel, number] = isNumber(first) ? [second, first] : [first, second];
  if (!isNumber(number)) return { because: wrongs.otherNumber(number.slice(0, 60)) };
  return channel.length > NAME_MAX ? { because: wrongs.tooLong(NAME_MAX) } : { channel, number };
}
