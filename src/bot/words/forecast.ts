import type { TooLong } from "../../pipelines/plan-advisory.ts";
import { jobName } from "../../pipelines/plan.ts";
import type { Job } from "../../pipelines/run.ts";

/** What is said of when advisory builds begin and end. */

export const leftTooLong = ({ work, seconds, limit }: TooLong) => ({
  what: jobName(work),
  because: `it is advisory and would take ${minutes(seconds)} minutes, more than the ${minutes(limit)} that such builds are given here`,
});

const minutes = (seconds: number): number => Math.ceil(seconds / 60);

/** Of a build that has not begun: since when it may, and by when it is over. */
export const planned = ({ notBefore, endsBy }: Pick<Job, "notBefore" | "endsBy">): string =>
  [notBefore === undefined ? "" : `, at night, from ${moment(notBefore)}`, ended({ endsBy })].join("");

/** By when it is over, come what may. */
export const ended = ({ endsBy }: Pick<Job, "endsBy">): string =>
  endsBy === undefined ? "" : `, over by ${moment(endsBy)}`;

const moment = (iso: string): string => `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
