import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";

const ENTRY = join(import.meta.dirname, "../../src/cli/start.ts");

export interface Started {
  /** All it has written so far. */
  said(): string;
  /** Waits until it writes this, or ends. */
  says(words: string): Promise<void>;
  /** Waits for its end: exit code, or the signal's name. */
  readonly over: Promise<number | string>;
  kill(signal: "SIGKILL" | "SIGTERM"): void;
  /** Ends what may be left of it. */
  sweep(): void;
}

/** Starts what `npm start` starts, with this environment alone, in a process group of its own. */
export function start(cwd: string, env: Readonly<Record<string, string>>): Started {
  const child: ChildProcess = spawn(process.execPath, [ENTRY], { cwd, env, detached: true });
  let text = "";
  const more = new EventTarget();
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (chunk) => {
      text += String(chunk);
      more.dispatchEvent(new Event("more"));
    });
  const over = once(child, "close").then(([code, signal]) => {
    more.dispatchEvent(new Event("more"));
    return (code ?? signal) as number | string;
  });
  return {
    said: () => text,
    async says(words) {
      while (!text.includes(words)) {
        if (child.exitCode !== null || child.signalCode !== null) throw new Error(`it has ended:\n${text}`);
        await once(more as never, "more");
      }
    },
    over,
    kill: (signal) => void child.kill(signal),
    sweep() {
      try {
        process.kill(-(child.pid ?? NaN), "SIGKILL");
      } catch {
        // Nothing is left.
      }
    },
  };
}

/** The first of so many ports in a row that nobody listens on. */
export async function freePorts(count: number): Promise<number> {
  for (;;) {
    const first = 20_000 + Math.floor(Math.random() * 10_000);
    const ports = Array.from({ length: count }, (_, i) => first + i);
    const free = await Promise.all(ports.map(isFree));
    if (free.every(Boolean)) return first;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
