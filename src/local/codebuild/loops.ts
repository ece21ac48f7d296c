import { execFile } from "node:child_process";
import { readdir, stat } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Detaches loop devices of files in `dir` that a build left behind: they know no namespace that ends with it. */
export async function detachLoops(dir: string): Promise<void> {
  const loops = await attached();
  if (loops.size === 0) return;
  for (const file of await readdir(dir, { recursive: true, withFileTypes: true }).catch(() => [])) {
    if (!file.isFile()) continue;
    const { ino, dev } = await stat(path.join(file.parentPath, file.name));
    const device = loops.get(keyOf(ino, dev));
    if (device !== undefined) await run("losetup", ["--detach", device]).catch(() => undefined);
  }
}

/** Loop devices by the file behind them. */
async function attached(): Promise<ReadonlyMap<string, string>> {
  const columns = ["--list", "--noheadings", "--raw", "--output", "NAME,BACK-INO,BACK-MAJ:MIN"];
  const said = await run("losetup", columns).catch(() => ({ stdout: "" }));
  return new Map(
    said.stdout
      .split("\n")
      // Columns are padded, and what pads them is escaped.
      .map((line) => line.replaceAll("\\x20", "").split(" "))
      .flatMap(([name, inode, device]) => (name && inode && device ? [[`${device}:${inode}`, name]] : [])),
  );
}

const keyOf = (inode: number, device: number): string =>
  `${(device >> 8) & 0xfff}:${(device & 0xff) | ((device >> 12) & 0xfff00)}:${inode}`;
