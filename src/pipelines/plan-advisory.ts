import { forecast, type Patience } from "./order/forecast.ts";
import type { Work } from "./plan.ts";

/** Work that would take longer than this deployment allows, in seconds. */
export interface TooLong {
  readonly work: Work;
  readonly seconds: number;
  readonly limit: number;
}

/** Says of each advisory job when it may begin and by when it is over; what takes too long is left out. */
export function planAdvisory(
  all: readonly Work[],
  patience: Patience | undefined,
  now: string,
): { readonly work: readonly Work[]; readonly tooLong: readonly TooLong[] } {
  const work: Work[] = [];
  const tooLong: TooLong[] = [];
  for (const one of all) {
    const planned = forecast(one, patience, now);
    if (planned.kind === "refused")
      tooLong.push({ work: one, seconds: planned.seconds, limit: planned.limit });
    else {
      const { kind: _kind, ...times } = planned;
      work.push({ ...one, ...times });
    }
  }
  return { work, tooLong };
}
