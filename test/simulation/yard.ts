import { attemptOf, resultsPrefix } from "../../src/pipelines/stage.ts";
import type { Builder, BuildStatus } from "../../src/ports.ts";
import type { Chance } from "./chance.ts";
import type { Fate } from "./fate.ts";

export interface SimulatedBuild {
  readonly build: string;
  readonly attempt: string;
  readonly pool: string;
  readonly startedAt: string;
  status: BuildStatus;
}

const SLOTS = 2;

/** CodeBuild: few slots, builds that end as they like, and results that are there before the news of it. */
export function simulatedYard({
  fate,
  luck,
  leave,
}: {
  fate: Fate;
  luck: Chance;
  leave: (key: string, text: string) => void;
}) {
  const builds: SimulatedBuild[] = [];
  let remembers = true;
  const running = (pool: string) => builds.filter((one) => one.pool === pool && one.status === "IN_PROGRESS");
  const builder: Builder = {
    start: ({ pool, attempt }) =>
      fate.touch(() => {
        const before = remembers ? builds.find((one) => one.attempt === attempt) : undefined;
        if (before) return { kind: "started", build: before.build } as const;
        if (running(pool).length >= SLOTS) return { kind: "no-slot" } as const;
        const build = `build-${builds.length}`;
        builds.push({ build, attempt, pool, startedAt: fate.now(), status: "IN_PROGRESS" });
        return { kind: "started", build } as const;
      }),
    find: ({ attempt }) =>
      fate.touch(() => (remembers ? builds.findLast((one) => one.attempt === attempt)?.build : undefined)),
    look: (asked) =>
      fate.touch(() =>
        builds
          .filter(({ build }) => asked.includes(build))
          .map((one) => ({ ...one, phase: one.status === "IN_PROGRESS" ? "BUILD" : "COMPLETED" })),
      ),
    stop: (build) =>
      fate.touch(() => {
        const one = builds.find((known) => known.build === build);
        if (one?.status === "IN_PROGRESS") one.status = "STOPPED";
      }),
    log: () => fate.touch(() => "greet.c:1:1: error: expected a statement\n"),
  };
  return {
    builder,
    builds,
    /** From now on no idempotency token means anything. */
    forgets: () => void (remembers = false),
    /** Lets one build come to its end. */
    end(isCalm: boolean): SimulatedBuild | undefined {
      const one = luck.pick(builds.filter(({ status }) => status === "IN_PROGRESS"));
      if (!one) return undefined;
      one.status = isCalm || luck.happens(0.85) ? "SUCCEEDED" : luck.happens(0.5) ? "FAILED" : "FAULT";
      const ref = attemptOf(one.attempt);
      if (one.status !== "SUCCEEDED" || !ref) return one;
      const name = one.attempt.includes("#source/") ? "bundle.tar" : "greet.rpm";
      leave(`${resultsPrefix(ref)}${name}`, one.attempt);
      leave(`${resultsPrefix(ref)}SHA256SUMS`, `${String(builds.indexOf(one)).padStart(64, "0")}  ${name}\n`);
      return one;
    },
  };
}
