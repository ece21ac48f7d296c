import type { ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import type { Log } from "../../ports.ts";
import { forkDoor } from "./door-process.ts";

export interface Call {
  readonly id: string;
  readonly event: unknown;
  /** When the door must be done, ms since the epoch. */
  readonly until: number;
}

export type Answer =
  | { readonly id: string; readonly ok: true; readonly value: unknown }
  | { readonly id: string; readonly ok: false; readonly error: string };

export interface DoorOptions {
  readonly name: string;
  /** The module, and the function that it exports. */
  readonly file: string;
  readonly handler: string;
  /** The whole environment of the process. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly timeoutSeconds: number;
  readonly log: Log;
}

/** One Lambda function: a process that is started by the first event and again whenever it has died. */
export interface Door {
  readonly name: string;
  /** Rejects if the handler throws, takes too long, or its process dies. */
  invoke(event: unknown): Promise<unknown>;
  /** How many events are being handled. */
  busy(): number;
  close(): Promise<void>;
}

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

export function openDoor(options: DoorOptions): Door {
  const { name, timeoutSeconds, log } = options;
  const waiting = new Map<string, Waiting>();
  let child: ChildProcess | undefined;

  function settle(answer: Answer): void {
    const call = waiting.get(answer.id);
    waiting.delete(answer.id);
    if (answer.ok) call?.resolve(answer.value);
    else call?.reject(new Error(`${name}: ${answer.error}`));
  }

  /** What it was working on is over without an answer; its messages come back when they become visible. */
  function died(process: ChildProcess, how: string): void {
    if (process !== child) return;
    child = undefined;
    if (waiting.size > 0) log("a door died at work", { door: name, how, events: waiting.size });
    for (const call of waiting.values()) call.reject(new Error(`${name} died (${how}).`));
    waiting.clear();
  }

  return {
    name,
    busy: () => waiting.size,
    async invoke(event) {
      const id = randomUUID();
      const process = (child ??= forkDoor(options, { settle, died }));
      const milliseconds = timeoutSeconds * 1000;
      // As on Lambda, a door that takes too long is not asked to stop.
      const timer = setTimeout(() => process.kill("SIGKILL"), milliseconds);
      try {
        return await new Promise((resolve, reject) => {
          waiting.set(id, { resolve, reject });
          const call: Call = { id, event, until: Date.now() + milliseconds };
          process.send(call, (error) => error && settle({ id, ok: false, error: error.message }));
        });
      } finally {
        clearTimeout(timer);
      }
    },
    async close() {
      const last = child;
      if (!last) return;
      const gone = new Promise((resolve) => last.once("exit", resolve));
      last.kill("SIGKILL");
      await gone;
    },
  };
}
