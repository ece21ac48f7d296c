import { z } from "zod";
import { type Before, Booted } from "./booted.ts";
import { type Job, type Run, slug } from "../run.ts";

const Entry = z.readonly(
  z.strictObject({
    /** `attemptId` of the attempt. */
    attempt: z.string(),
    /** When it passed, ISO 8601 in UTC. */
    at: z.string(),
    channel: z.string(),
    number: z.optional(z.string()),
    /** Profile and type of the image. */
    what: z.string(),
    ...Booted.unwrap().pick({ accelerator: true, machine: true, first: true, warm: true }).shape,
  }),
);
export type BootEntry = z.infer<typeof Entry>;

/** How the images of one recipe for one target and arch came up that were on their way to a channel, newest first. */
export const BootHistory = z.readonly(z.strictObject({ v: z.literal(1), boots: z.readonly(z.array(Entry)) }));
export type BootHistory = z.infer<typeof BootHistory>;

export const bootsKey = (repo: number, { recipe, target, arch }: Pick<Job, "recipe" | "target" | "arch">) =>
  `boots/${repo}/${slug(recipe.path)}/${slug(target)}-${arch}.json`;

/** Of images of one kind; and of all kinds. */
const EACH_MAX = 50;
const ALL_MAX = 500;

/** Adds a boot: twice is once, and in whatever order they come the newest are kept. */
export function remembered(history: BootHistory | undefined, entry: BootEntry): BootHistory {
  const known = history?.boots ?? [];
  if (history && known.some(({ attempt }) => attempt === entry.attempt)) return history;
  const counts = new Map<string, number>();
  const boots = [entry, ...known].toSorted(newestFirst).filter(({ what }) => {
    const count = (counts.get(what) ?? 0) + 1;
    counts.set(what, count);
    return count <= EACH_MAX;
  });
  return { v: 1, boots: boots.slice(0, ALL_MAX) };
}

const newestFirst = (a: BootEntry, b: BootEntry): number =>
  compare(b.at, a.at) || compare(b.attempt, a.attempt);
const compare = (x: string, y: string): number => (x < y ? -1 : x > y ? 1 : 0);

/** Which image of a recipe it is. */
export const whatOf = ({ profile = "", type = "" }: Pick<Job, "profile" | "type">): string =>
  `${slug(profile)}:${slug(type)}`;

/** A boot that others may be compared with: kind of image, accelerator and machine must be the same. */
export type Like = Pick<BootEntry, "what" | "accelerator" | "machine">;

/** What came before on the same kind of machine, newest first. */
export const alike = (history: BootHistory | undefined, like: Like): readonly BootEntry[] =>
  (history?.boots ?? []).filter(
    ({ what, accelerator, machine }) =>
      what === like.what && accelerator === like.accelerator && machine === like.machine,
  );

/** The last one of the channel; of a run without one, or with a new one, the last of any. */
export function lastOf(entries: readonly BootEntry[], channel: string | undefined): Before | undefined {
  const last = entries.find((entry) => entry.channel === channel) ?? entries[0];
  if (!last) return undefined;
  const { at, number, first, warm } = last;
  return { at, first, ...(number !== undefined && { number }), ...(warm && { warm }) };
}

/** The entry of a run that is on its way to a channel; a pull request's is not. */
export function entryOf(
  run: Pick<Run, "channel" | "trigger" | "zone">,
  job: Pick<Job, "profile" | "type">,
  { attempt, at, booted }: { readonly attempt: string; readonly at: string; readonly booted: Booted },
): BootEntry | undefined {
  const { channel, trigger, zone } = run;
  if (channel === undefined || trigger.kind === "pull" || zone !== "trusted") return undefined;
  const { accelerator, machine, first, warm } = booted;
  const number = "number" in trigger ? { number: trigger.number } : {};
  return {
    attempt,
    at,
    channel,
    what: whatOf(job),
    accelerator,
    machine,
    first,
    ...number,
    ...(warm && { warm }),
  };
}
