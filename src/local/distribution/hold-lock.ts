import { spawn } from "node:child_process";

/** Does `work` while no other process does so under the same lock file; a dead holder holds nothing. */
export async function holdLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  // The kernel frees the lock with its holder; the holder ends with its stdin, which ends with us.
  const holder = spawn("flock", ["--exclusive", file, "sh", "-c", "echo held; exec cat"], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  await new Promise<void>((resolve, reject) => {
    holder.on("error", (cause) => reject(new Error("flock (of util-linux) cannot be started", { cause })));
    holder.on("exit", (code) => reject(new Error(`flock ended with ${code}; can ${file} be written?`)));
    holder.stdout.once("data", () => resolve());
  });
  try {
    return await work();
  } finally {
    holder.stdin.end();
  }
}
