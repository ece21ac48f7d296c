import { type ChildProcess, fork } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Answer, DoorOptions } from "./door.ts";

const RUNNER = fileURLToPath(new URL("runner.ts", import.meta.url));

export interface Listener {
  readonly settle: (answer: Answer) => void;
  readonly died: (process: ChildProcess, how: string) => void;
}

/** Starts a door's process with its environment and nothing of ours. */
export function forkDoor(options: DoorOptions, { settle, died }: Listener): ChildProcess {
  const { name, log } = options;
  const child = fork(RUNNER, [options.file, options.handler, name], {
    env: { ...options.env },
    cwd: options.cwd,
    execArgv: [],
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  child.on("message", settle);
  child.on("error", (error) =>
    log("a door's process cannot be reached", { door: name, error: error.message }),
  );
  child.once("exit", (code, signal) => died(child, signal ?? `code ${code}`));
  for (const stream of [child.stdout, child.stderr]) {
    if (stream) createInterface(stream).on("line", (line) => tell(line, options));
  }
  return child;
}

/** Doors log lines of JSON; they pass through as what they are. */
function tell(line: string, { name, log }: DoorOptions): void {
  if (line.trim() === "") return;
  const { message, ...facts } = parsed(line) ?? { message: undefined, line };
  log(typeof message === "string" ? message : "a door says", { door: name, ...facts });
}

function parsed(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
