import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { KEY_ID, SECRET } from "./running.ts";

/** A server in a process of its own. */
export interface Child {
  readonly url: string;
  /** The most memory it ever had at once (VmHWM), in bytes. */
  peakMemory(): Promise<number>;
  /** SIGKILL, and waits until it is gone. */
  kill(): Promise<void>;
}

export async function spawnS3(dir: string): Promise<Child> {
  const script = new URL("serve.ts", import.meta.url).pathname;
  const child = spawn(process.execPath, [script, dir, KEY_ID, SECRET], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const gone = once(child, "exit");
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const first = await lines.next();
  if (first.done) throw new Error("the server did not start");
  return {
    url: first.value,
    async peakMemory() {
      const status = await readFile(`/proc/${child.pid}/status`, "utf8");
      return Number(/^VmHWM:\s*(\d+) kB$/m.exec(status)?.[1]) * 1024;
    },
    async kill() {
      child.kill("SIGKILL");
      await gone;
    },
  };
}
