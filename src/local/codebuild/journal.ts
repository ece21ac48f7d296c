import type { CodeBuildEvent } from "./events.ts";
import { phaseChange, stateChange } from "./events.ts";
import type { Logs } from "./logs.ts";
import type { Build, Phase, Status } from "./model.ts";
import type { Store } from "./store.ts";

/** How a phase ended; `code` and `message` are CodeBuild's phase context. */
export interface Outcome {
  readonly status: Status;
  readonly code: string;
  readonly message: string;
}

export const FINE: Outcome = { status: "SUCCEEDED", code: "", message: "" };

export interface Books {
  readonly store: Store;
  readonly logs: Logs;
  send(event: CodeBuildEvent): void;
  /** Epoch milliseconds. */
  now(): number;
}

export type Journal = ReturnType<typeof journalOf>;

/** Writes down what becomes of one build: its record, its log, its events. */
export function journalOf(first: Build, { store, logs, send, now }: Books) {
  let build = first;
  let half = "";
  const seconds = (): number => now() / 1000;

  function change(news: Partial<Build>): void {
    build = { ...build, ...news };
    store.saveBuild(build);
  }

  function write(messages: readonly string[]): void {
    if (messages.length > 0) logs.append(build.logs.streamName, messages, now());
  }

  return {
    build: (): Build => build,

    /** A line of CodeBuild's own. */
    say: (text: string): void => write([`[Container] ${stamp(now())} ${text}\n`]),

    /** Output of a command; a line that is not over yet waits for its end. */
    output(text: string): void {
      const lines = (half + text).split(/(?<=\n)/);
      const last = lines.at(-1) ?? "";
      half = last.endsWith("\n") || last.length > LONGEST_WAIT ? "" : last;
      write(half === "" ? lines.filter((line) => line !== "") : lines.slice(0, -1));
    },
    endOutput(): void {
      write(half === "" ? [] : [`${half}\n`]);
      half = "";
    },

    begin: (): void => send(stateChange(build, seconds())),

    enter(phaseType: string): void {
      change({ phases: [...build.phases, { phaseType, startTime: seconds() }], currentPhase: phaseType });
    },

    leave({ status, code, message }: Outcome): void {
      const open = build.phases.at(-1);
      if (!open) return;
      const closed: Phase = {
        ...open,
        phaseStatus: status,
        endTime: seconds(),
        durationInSeconds: Math.round(seconds() - open.startTime),
        contexts: [{ statusCode: code, message }],
      };
      change({ phases: [...build.phases.slice(0, -1), closed] });
      send(phaseChange(build, closed, seconds()));
    },

    exported: (variables: Build["exportedEnvironmentVariables"]): void =>
      change({ exportedEnvironmentVariables: variables }),

    complete(status: Status): void {
      change({
        phases: [...build.phases, { phaseType: "COMPLETED", startTime: seconds() }],
        currentPhase: "COMPLETED",
        buildStatus: status,
        buildComplete: true,
        endTime: seconds(),
      });
      send(stateChange(build, seconds()));
    },
  };
}

const LONGEST_WAIT = 64 * 1024;

/** `2021/08/27 12:27:30.123456` as in CodeBuild's log lines. */
const stamp = (ms: number): string =>
  `${new Date(ms).toISOString().slice(0, 23).replaceAll("-", "/").replace("T", " ")}000`;
