import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { setInterval, clearInterval } from "node:timers";

/** What a program cost with all that it started and waited for: CPU and wall time in ms, and its own peak of memory in MiB. */
export interface Cost {
  readonly cpu: number;
  readonly wall: number;
  readonly peak: number;
}

/** A tick of /proc in ms: Linux tells user space of 100 a second, whatever the kernel's own clock. */
const TICK = 10;
const LOOK = 15;

/** Runs a program to its end; one at a time, since what all children cost is what is counted. */
export async function costOf(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<Cost & { readonly output: string }> {
  const [file = "", ...args] = argv;
  const before = await childrenCpu();
  const started = performance.now();
  const child = spawn(file, args, { env, stdio: ["ignore", "pipe", "pipe"] });
  let [output, peak] = ["", 0];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (output += text));
  const looking = setInterval(() => {
    void peakOf(child.pid ?? 0).then((now) => (peak = Math.max(peak, now)));
  }, LOOK);
  const [code] = await once(child, "close");
  clearInterval(looking);
  if (code !== 0) throw new Error(`${argv.join(" ")} ended with ${code}: ${output.slice(-2000)}`);
  return { cpu: (await childrenCpu()) - before, wall: performance.now() - started, peak, output };
}

/** User and system time of all children that ended: fields 16 and 17, counted after the command's name. */
async function childrenCpu(): Promise<number> {
  const stat = await readFile("/proc/self/stat", "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[13]) + Number(fields[14])) * TICK;
}

async function peakOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
}
