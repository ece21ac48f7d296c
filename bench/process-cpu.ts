import { readdir, readFile } from "node:fs/promises";

/** A tick of /proc/<pid>/stat in ms: Linux tells user space of 100 a second, whatever the kernel's own clock. */
const TICK = 10;

/** User and system time so far, in ms, of the process whose command line names this file; 0 while there is none. */
export async function cpuOf(file: string): Promise<number> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(pids.map((pid) => textOf(`/proc/${pid}/cmdline`)));
  const pid = pids.find((_, i) => found[i]?.split("\0").includes(file));
  if (pid === undefined) return 0;
  const stat = await textOf(`/proc/${pid}/stat`);
  // Counted after the command's name, which may hold blanks: utime and stime are fields 14 and 15.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * TICK;
}

/** Processes end while one looks. */
const textOf = (file: string): Promise<string> => readFile(file, "utf8").catch(() => "");
