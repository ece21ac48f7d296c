import { buildLog } from "./build-log.ts";
import { type CodeBuildEvent, phaseChange, stateChange } from "./events.ts";
import type { Logs } from "./logs.ts";
import type { Build, Phase, Status } from "./model.ts";
import type { Outcome } from "./outcome.ts";
import type { Store } from "./store.ts";

export interface Books {
  readonly store: Store;
  readonly logs: Logs;
  readonly send: (event: CodeBuildEvent) => void;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

export type Journal = ReturnType<typeof journalOf>;

/** Writes down what becomes of one build: its record, its log, its events. */
export function journalOf(first: Build, { store, logs, send, now }: Books) {
  let build = first;
  const seconds = (): number => now() / 1000;

  function change(news: Partial<Build>): void {
    build = { ...build, ...news };
    store.saveBuild(build);
  }

  return {
    ...buildLog(build.logs.streamName, logs, now),

    build: (): Build => build,
    begin: (): void => send(stateChange(build, seconds())),
    exported: (exportedEnvironmentVariables: Build["exportedEnvironmentVariables"]): void =>
      change({ exportedEnvironmentVariables }),

    enter(phaseType: string): void {
      change({ phases: [...build.phases, { phaseType, startTime: seconds() }], currentPhase: phaseType });
    },

    leave(outcome: Outcome): void {
      const open = build.phases.at(-1);
      if (!open) return;
      const closed = closedPhase(open, outcome, seconds());
      change({ phases: [...build.phases.slice(0, -1), closed] });
      send(phaseChange(build, closed, seconds()));
    },

    complete(buildStatus: Status): void {
      change({
        phases: [...build.phases, { phaseType: "COMPLETED", startTime: seconds() }],
        currentPhase: "COMPLETED",
        buildStatus,
        buildComplete: true,
        endTime: seconds(),
      });
      send(stateChange(build, seconds()));
    },
  };
}

const closedPhase = (open: Phase, { status, code, message }: Outcome, endTime: number): Phase => ({
  ...open,
  phaseStatus: status,
  endTime,
  durationInSeconds: Math.round(endTime - open.startTime),
  contexts: [{ statusCode: code, message }],
});
