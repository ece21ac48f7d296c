import { z } from "zod";
import { Arch, Tier } from "../../pipelines/run.ts";
import { DerivedType } from "../../pipelines/tree.ts";
import {
  ChannelName,
  Day,
  FilePath,
  Flag,
  Id,
  Key,
  Mail,
  Name,
  Prefix,
  TagPrefix,
  TimeOfDay,
  VersionRange,
  whole,
} from "./fields.ts";
import { REBUILDS } from "../../pipelines/graph/rebuilds.ts";
import { UpstreamRule } from "./upstream.ts";
import { layerMistakes } from "./layers.ts";
import { feedMistakes, ONLY_PROMOTED } from "./promotions.ts";
import { treeRuleMistakes } from "./tree-rule.ts";
import { keys } from "../words/config-keys.ts";
import { values } from "../words/config.ts";

/** A list of at most so many. */
const some = <Item extends z.ZodType>(item: Item, max: number) =>
  z.array(item).max(max, { error: values.many(max) });

/** A map of at most so many. */
const mapOf = <Name extends z.ZodType<string, string>, Value extends z.ZodType>(
  name: Name,
  value: Value,
  maxProperties: number,
) =>
  z
    .record(name, value)
    .superRefine((map, context) => {
      if (Object.keys(map).length > maxProperties)
        context.addIssue({ code: "custom", message: values.many(maxProperties) });
    })
    .meta({ maxProperties });

/** A map of arch -> tier; a plain list means that all of it is required. */
export const Arches = z.preprocess(
  (value) =>
    Array.isArray(value) && value.every((arch) => typeof arch === "string")
      ? Object.fromEntries(value.map((arch) => [arch, "required"]))
      : value,
  z.partialRecord(Arch, Tier),
);

const Minutes = whole(1, 2160);
const Emulation = z.enum(["plain", "accelerated"]);
const Priority = z.enum(["low", "normal", "high"]);

const Boot = z
  .strictObject({
    seconds: whole(1, 3600).optional().meta(keys.boot.seconds),
    slower: whole(1, 1000).optional().meta(keys.boot.slower),
    fail: Flag.default(false).meta(keys.boot.fail),
  })
  // As the record has it: what is not said is not there.
  .transform(({ seconds, slower, fail }) => ({
    fail,
    ...(seconds !== undefined && { seconds }),
    ...(slower !== undefined && { slower }),
  }));

const RecipeRule = z
  .strictObject({
    path: FilePath.optional().meta(keys.recipe.path),
    paths: some(Prefix, 100).optional().meta(keys.recipe.paths),
    targets: some(Name, 50).optional().meta(keys.recipe.targets),
    arches: some(Arch, 4).optional().meta(keys.recipe.arches),
    profiles: some(Name, 50).optional().meta(keys.recipe.profiles),
    types: some(Name, 50).optional().meta(keys.recipe.types),
    skip: Flag.default(false).meta(keys.recipe.skip),
    timeoutMinutes: Minutes.optional().meta(keys.recipe.timeoutMinutes),
    priority: Priority.default("normal").meta(keys.recipe.priority),
    emulation: Emulation.optional().meta(keys.recipe.emulation),
    tree: Name.optional().meta(keys.recipe.tree),
    images: some(DerivedType, 10).optional().meta(keys.recipe.images),
    boot: Boot.optional().meta(keys.recipe.boot),
    toolchain: mapOf(Key, VersionRange, 10).optional().meta(keys.recipe.toolchain),
    upstream: UpstreamRule.optional().meta(keys.recipe.upstream),
  })
  // For editors: what the parser finds out by itself.
  .meta({ dependencies: { tree: ["images"], images: ["tree"] } })
  .superRefine((rule, context) => {
    for (const { path, message } of treeRuleMistakes(rule))
      context.addIssue({ code: "custom", path: [...path], message });
  });

const needing = (feed: string) => Object.fromEntries(ONLY_PROMOTED.map((key) => [key, [feed]]));

/** One branch feeds one channel: a run has one place to publish to. What is promoted comes from another channel. */
const Channels = mapOf(
  ChannelName,
  z
    .strictObject({
      branch: Name.optional().meta(keys.channel.branch),
      nightly: TimeOfDay.optional().meta(keys.channel.nightly),
      from: ChannelName.optional().meta(keys.channel.from),
      tags: TagPrefix.optional().meta(keys.channel.tags),
      supportUntil: Day.optional().meta(keys.channel.supportUntil),
      githubRelease: Flag.optional().meta(keys.channel.githubRelease),
      way: z.enum(["rebuild", "content"]).optional().meta(keys.channel.way),
      packages: some(Name, 100).optional().meta(keys.channel.packages),
      emulation: Emulation.optional().meta(keys.channel.emulation),
      rebuild: z.enum(REBUILDS).optional().meta(keys.channel.rebuild),
      keepDays: whole(1, 3650).optional().meta(keys.channel.keepDays),
      over: some(ChannelName, 10).optional().meta(keys.channel.over),
    })
    // For editors: what the parser finds out by itself.
    .meta({
      oneOf: [{ required: ["branch"] }, { required: ["from"] }],
      dependencies: { nightly: ["branch"], rebuild: ["branch"], ...needing("from") },
    }),
  50,
).superRefine((channels, context) => {
  for (const { path, message, suggestion } of [...feedMistakes(channels), ...layerMistakes(channels)])
    context.addIssue({ code: "custom", path: [...path], message, params: { suggestion } });
  const fed = new Map<string, string>();
  for (const [name, { branch, nightly }] of Object.entries(channels)) {
    // Nights are runs of their own.
    if (nightly !== undefined || branch === undefined) continue;
    const other = fed.get(branch);
    if (other !== undefined)
      context.addIssue({ code: "custom", path: [name, "branch"], message: values.fed(branch, other) });
    fed.set(branch, other ?? name);
  }
});

const Review = z.strictObject({
  acks: whole(0, 20).default(1).meta(keys.review.acks),
  lazyDays: whole(1, 90).optional().meta(keys.review.lazyDays),
});

const Notifications = z.strictObject({ mail: some(Mail, 10).default([]).meta(keys.notifications.mail) });

const Pulls = z.strictObject({
  publish: Flag.optional().meta(keys.pulls.publish),
  expireDays: whole(1, 90).default(7).meta(keys.pulls.expireDays),
});

/** The repository's rules: one schema for the parser, the JSON Schema and the reference. Every key may be absent. */
export const Rules = z
  .strictObject({
    targets: mapOf(Key, Arches, 50).optional().meta(keys.targets),
    recipes: mapOf(Key, RecipeRule, 1000).default({}).meta(keys.recipes),
    channels: Channels.optional().meta(keys.channels),
    committers: some(Id, 1000).default([]).meta(keys.committers),
    trusted: some(Id, 1000).default([]).meta(keys.trusted),
    review: Review.optional().meta(keys.review.all),
    timeouts: z.partialRecord(Arch, Minutes).default({}).meta(keys.timeouts),
    notifications: Notifications.prefault({}).meta(keys.notifications.all),
    pulls: Pulls.prefault({}).meta(keys.pulls.all),
    updates: Flag.optional().meta(keys.updates),
  })
  .meta(keys.all);
export type Rules = z.infer<typeof Rules>;
