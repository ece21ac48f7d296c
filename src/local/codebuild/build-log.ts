import type { Logs } from "./logs.ts";

/** A line that has no end yet is written at this length all the same. */
const LONGEST_WAIT = 64 * 1024;

/** Writes the log of one build: CodeBuild's own lines, and the output of commands line by line. `now`: ms. */
export function buildLog(stream: string, logs: Logs, now: () => number) {
  let half = "";
  const write = (messages: readonly string[]): void => {
    if (messages.length > 0) logs.append(stream, messages, now());
  };

  return {
    say: (text: string): void => write([`[Container] ${stamp(now())} ${text}\n`]),

    output: (text: string): void => {
      const lines = (half + text).split(/(?<=\n)/);
      const last = lines.at(-1) ?? "";
      half = last.endsWith("\n") || last.length > LONGEST_WAIT ? "" : last;
      write(half === "" ? lines.filter((line) => line !== "") : lines.slice(0, -1));
    },

    endOutput: (): void => {
      write(half === "" ? [] : [`${half}\n`]);
      half = "";
    },
  };
}

/** `2021/08/27 12:27:30.123000` as in CodeBuild's log lines. */
const stamp = (ms: number): string =>
  `${new Date(ms).toISOString().slice(0, 23).replaceAll("-", "/").replace("T", " ")}000`;
