import { z } from "zod";
import { expected, type History } from "./history.ts";
import { instant, isoOf } from "../instant.ts";
import { Arch, type Job } from "../run.ts";

/** How many times longer a build takes where its arch is emulated, as was measured: with all of it emulated, and accelerated. */
export const Emulation = z.partialRecord(
  Arch,
  z.strictObject({ plain: z.number().min(1), accelerated: z.optional(z.number().min(1)) }),
);
export type Emulation = z.infer<typeof Emulation>;

const TimeOfDay = z.iso.time({ precision: -1 });

/** How long advisory builds may be expected to take, in minutes: to start at any time, and to start at night (UTC). */
export const Patience = z.readonly(
  z.strictObject({
    dayMinutes: z.int().min(1),
    nightMinutes: z.int().min(1),
    night: z.readonly(z.strictObject({ from: TimeOfDay, to: TimeOfDay })),
  }),
);
export type Patience = z.infer<typeof Patience>;

/** When a job may begin and when it is over, come what may (ISO 8601 in UTC); or that it is not begun at all. */
export type Forecast =
  | { readonly kind: "now"; readonly endsBy?: string }
  | { readonly kind: "night"; readonly notBefore: string; readonly endsBy: string }
  | { readonly kind: "refused"; readonly seconds: number; readonly limit: number };

/**
 * What is required begins at once and has no end but its own. What is advisory begins at once if it is short enough or
 * nobody knows, waits for the night if it is short enough for that, and is refused otherwise.
 */
export function forecast(
  { tier, expected }: Pick<Job, "tier" | "expected">,
  patience: Patience | undefined,
  now: string,
): Forecast {
  if (tier === "required" || !patience) return { kind: "now" };
  const at = instant(now);
  const day = patience.dayMinutes * MINUTE;
  // As long to wait for a builder as to build.
  if (expected === undefined || expected <= day) return { kind: "now", endsBy: isoOf(at + 2 * day) };
  const { begin, length } = nightAt(patience, at);
  const limit = Math.min(patience.nightMinutes * MINUTE, length);
  if (expected > limit) return { kind: "refused", seconds: expected, limit };
  const fits = begin <= at && at + expected <= begin + length;
  const from = begin <= at && !fits ? begin + DAY : begin;
  const endsBy = isoOf(from + length);
  return from <= at ? { kind: "now", endsBy } : { kind: "night", notBefore: isoOf(from), endsBy };
}

const [MINUTE, DAY] = [60, 86_400];

/** The night that `at` lies in, or else the next one: when it begins, in seconds from 1970, and its length. */
function nightAt({ night: { from, to } }: Patience, at: number) {
  const length = (ofDay(to) - ofDay(from) + DAY) % DAY || DAY;
  const since = (((at - ofDay(from)) % DAY) + DAY) % DAY;
  return { begin: since < length ? at - since : at - since + DAY, length };
}

const ofDay = (time: string): number => Number(time.slice(0, 2)) * 3600 + Number(time.slice(3, 5)) * MINUTE;

/** How long a build takes: by its own history, or by that of an arch that is not emulated, times what emulation costs. */
export function predicted(
  history: History,
  { target, arch, emulation }: Pick<Job, "target" | "arch" | "emulation">,
  factors: Emulation = {},
): number | undefined {
  const own = expected(history, target, arch);
  if (own) return Math.round(own.seconds);
  const of = factors[arch];
  if (!of) return undefined;
  const native = Arch.options
    .filter((one) => !factors[one])
    .flatMap((one) => expected(history, target, one)?.seconds ?? []);
  if (native.length === 0) return undefined;
  const factor = emulation === "plain" ? of.plain : (of.accelerated ?? of.plain);
  return Math.round(Math.max(...native) * factor);
}
