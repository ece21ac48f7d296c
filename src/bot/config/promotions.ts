import { nearest } from "../../pipelines/nearest.ts";
import { values } from "../words/config.ts";

/** A channel as the rules name it: fed by a branch, by its nights, or from another channel. */
export interface ChannelRule {
  readonly branch?: string | undefined;
  readonly nightly?: string | undefined;
  readonly from?: string | undefined;
  readonly tags?: string | undefined;
  readonly supportUntil?: string | undefined;
  readonly keepDays?: number | undefined;
  readonly githubRelease?: boolean | undefined;
  readonly way?: "rebuild" | "content" | undefined;
  readonly emulation?: "plain" | "accelerated" | undefined;
  readonly packages?: readonly string[] | undefined;
  readonly rebuild?: "none" | "direct" | "transitive" | undefined;
  readonly over?: readonly string[] | undefined;
}

type Channels = Readonly<Record<string, ChannelRule>>;

/** A channel that gets accepted releases of another one; tags that begin with `tags` promote. */
export interface Promoted {
  readonly channel: string;
  readonly from: string;
  readonly tags: string;
  /** The last day, in UTC, on which something may be promoted to it. */
  readonly supportUntil?: string | undefined;
  /** The tested packages themselves come to it; absent: they are built again. */
  readonly way?: "content" | undefined;
  /** It is built with nothing but emulated programs on arches that are emulated. */
  readonly emulation?: "plain" | undefined;
  /** What the names of packages begin with that may come to it; absent: any may. */
  readonly packages?: readonly string[] | undefined;
}

/** The channels that are promoted to, in the order of the rules. */
export const promotedOf = (channels: Channels = {}): readonly Promoted[] =>
  Object.entries(channels).flatMap(([channel, { from, tags, supportUntil, way, packages, emulation }]) => {
    if (from === undefined) return [];
    const plain = emulation === "plain" && { emulation };
    const more = { ...(way === "content" && { way }), ...plain, ...(packages && { packages }) };
    return [{ channel, from, tags: tags ?? `${channel}/`, supportUntil, ...more }];
  });

/** The channel that a tag promotes to: the longest beginning says which. */
export const promotedBy = (channels: Channels | undefined, tag: string): Promoted | undefined =>
  promotedOf(channels)
    .toSorted((a, b) => b.tags.length - a.tags.length)
    .find(({ tags }) => tag.startsWith(tags));

/** Do the releases of a channel have numbers? */
export function isNumbered(channels: Channels = {}, name: string): boolean {
  const rule = channelOf(channels, name);
  return rule?.nightly !== undefined || rule?.from !== undefined;
}

/** The channels that a channel's releases come from, one promoted from the other, the topmost first. */
export function above(channels: Channels = {}, name: string): readonly string[] {
  const all: string[] = [];
  let at = channelOf(channels, name)?.from;
  while (at !== undefined && at !== name && !all.includes(at)) {
    all.unshift(at);
    at = channelOf(channels, at)?.from;
  }
  return all;
}

interface Wrong {
  readonly path: readonly string[];
  readonly message: string;
  readonly suggestion?: string | undefined;
}

/** What does not fit together about what feeds the channels. */
export const feedMistakes = (channels: Channels): readonly Wrong[] => [
  ...Object.entries(channels).flatMap(([name, rule]) => feedMistake(channels, name, rule)),
  ...sharedTags(channels),
];

function feedMistake(channels: Channels, name: string, rule: ChannelRule): readonly Wrong[] {
  const { branch, from } = rule;
  if (rule.rebuild !== undefined && (from ?? rule.nightly) !== undefined)
    return [{ path: [name, "rebuild"], message: values.onlyPushed }];
  if (from !== undefined) {
    if (branch !== undefined) return [{ path: [name, "from"], message: values.twoFeeds }];
    if (rule.nightly !== undefined) return [{ path: [name, "nightly"], message: values.nightPromoted }];
    return sourceMistake(channels, name, from);
  }
  const missing = branch === undefined ? [{ path: [name, "branch"], message: values.noFeed }] : [];
  const stray = ONLY_PROMOTED.filter((key) => rule[key] !== undefined);
  return [...missing, ...stray.map((key) => ({ path: [name, key], message: values.onlyPromoted }))];
}

/** Keys of what is promoted from another channel. */
export const ONLY_PROMOTED = ["tags", "supportUntil", "githubRelease", "way", "packages"] as const;

/** Only what has numbers can be promoted, and at the beginning of each chain stands a nightly channel. */
function sourceMistake(channels: Channels, name: string, from: string): readonly Wrong[] {
  const path = [name, "from"];
  const others = Object.keys(channels).filter((one) => one !== name);
  const source = channelOf(channels, from);
  if (!source) return [{ path, message: values.noChannel(from, others), suggestion: nearest(from, others) }];
  if (isOwnSource(channels, name)) return [{ path, message: values.cycle(name) }];
  const isNumbered = source.nightly !== undefined || source.from !== undefined;
  return isNumbered ? [] : [{ path, message: values.noNumbers(from) }];
}

/** Does the way up from it lead back to it? */
function isOwnSource(channels: Channels, name: string): boolean {
  const [top] = above(channels, name);
  return top !== undefined && channelOf(channels, top)?.from === name;
}

/** A tag must say which channel is meant. */
function sharedTags(channels: Channels): readonly Wrong[] {
  const known = new Map<string, string>();
  return promotedOf(channels).flatMap(({ channel, tags }) => {
    const other = known.get(tags);
    if (other === undefined) known.set(tags, channel);
    return other === undefined ? [] : [{ path: [channel, "tags"], message: values.sharedTags(tags, other) }];
  });
}

const channelOf = (channels: Channels, name: string): ChannelRule | undefined =>
  Object.hasOwn(channels, name) ? channels[name] : undefined;
