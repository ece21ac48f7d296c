import { z } from "zod";
import type { Waiting } from "./dispatch-order.ts";
import { secondsOf } from "./path.ts";
import { attemptId } from "../stage.ts";

/** Who still waits for a pool's builders after the dispatcher has looked, in their order: for people who ask how long. */
export const Line = z.readonly(
  z.strictObject({
    v: z.literal(1),
    at: z.string(),
    /** `attemptId`s, the first thousand. */
    attempts: z.readonly(z.array(z.string())),
    /** How long a stage in it takes, as a rule, in seconds. */
    seconds: z.number(),
    /** Who had a builder when it looked, as `attemptId`s: what a repository has there counts when its turn comes. */
    running: z.optional(z.readonly(z.array(z.string()))),
  }),
);
export type Line = z.infer<typeof Line>;

export const lineKey = (pool: string): string => `line/${pool}.json`;

const KEPT = 1000;

export function lineOf(left: readonly Waiting[], running: readonly Waiting[], at: string): Line {
  const takes = left.map(({ run, stage }) =>
    secondsOf(
      stage,
      run.jobs.find(({ build }) => build === stage.name),
    ),
  );
  const seconds = takes.length > 0 ? takes.reduce((sum, one) => sum + one, 0) / takes.length : 0;
  return { v: 1, at, attempts: idsOf(left), seconds, running: idsOf(running) };
}

const idsOf = (stages: readonly Waiting[]): readonly string[] =>
  stages
    .slice(0, KEPT)
    .map(({ run, stage }) => attemptId({ run: run.id, stage: stage.name, attempt: stage.attempt }));

/** How many are before this attempt; undefined where it does not stand in the line. */
export function placeIn(line: Line | undefined, attempt: string): number | undefined {
  const place = line?.attempts.indexOf(attempt) ?? -1;
  return place < 0 ? undefined : place;
}
