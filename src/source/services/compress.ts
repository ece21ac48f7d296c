import { spawn } from "node:child_process";
import { once } from "node:events";
import { createReadStream, createWriteStream } from "node:fs";
import { stat } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { infrastructure, refused } from "../failure.ts";

export type Compression = "none" | "gz" | "bz2" | "xz" | "zst";

/** Programs that give the same bytes for the same bytes: one thread, no name and no time inside. */
const PACK: Readonly<Record<Exclude<Compression, "none">, readonly string[]>> = {
  gz: ["gzip", "-9", "-n", "-c"],
  bz2: ["bzip2", "-9", "-c"],
  xz: ["xz", "-6", "-T1", "-c"],
  zst: ["zstd", "-12", "-q", "--single-thread", "-c"],
};
const UNPACK: typeof PACK = {
  gz: ["gzip", "-d", "-c"],
  bz2: ["bzip2", "-d", "-c"],
  xz: ["xz", "-d", "-c", "--memlimit-decompress=1GiB"],
  zst: ["zstd", "-d", "-q", "-c"],
};

const ENDS: readonly (readonly [string, Compression, string])[] = [
  [".tgz", "gz", ".tar"],
  [".tbz2", "bz2", ".tar"],
  [".txz", "xz", ".tar"],
  [".gz", "gz", ""],
  [".bz2", "bz2", ""],
  [".xz", "xz", ""],
  [".zst", "zst", ""],
];

/** How a file is compressed, by its name, and what it would be called without that. */
export function compressionOf(name: string): { readonly how: Compression; readonly plain: string } {
  const end = ENDS.find(([end]) => name.endsWith(end));
  if (!end) return { how: "none", plain: name };
  const [written, how, instead] = end;
  return { how, plain: name.slice(0, -written.length) + instead };
}

/** A small file may not become a large one that is all alike: real sources do not shrink to a two-hundredth. */
const RATIO = 200;
const HARMLESS = 64 * 1024 * 1024;

/** Writes `from` without its compression; `most` bytes may come of it. */
export async function unpacked(from: string, into: string, most: number): Promise<void> {
  const { how } = compressionOf(from);
  const { size } = await stat(from);
  const allowed = Math.min(most, Math.max(HARMLESS, size * RATIO));
  const [program = "cat", ...args] = how === "none" ? ["cat"] : UNPACK[how];
  await through([program, ...args], { from, into, most: allowed });
}

/** Writes `from`, which is not compressed, compressed. */
export async function packed(from: string, into: string, how: Compression): Promise<void> {
  await through(how === "none" ? ["cat"] : PACK[how], { from, into, most: Infinity });
}

interface Way {
  readonly from: string;
  readonly into: string;
  readonly most: number;
}

const TIMEOUT = 20 * 60_000;
const ENV = { PATH: "/usr/local/bin:/usr/bin:/bin", LC_ALL: "C" };

async function through([program = "", ...args]: readonly string[], { from, into, most }: Way): Promise<void> {
  const child = spawn(program, args, {
    env: ENV,
    stdio: ["pipe", "pipe", "pipe"],
    timeout: TIMEOUT,
    killSignal: "SIGKILL",
  });
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => (said = (said + chunk.toString("utf8")).slice(0, 500)));
  const closed = once(child, "close");
  let missing: Error | undefined;
  closed.catch((error: Error) => (missing = error));
  const fed = pipeline(createReadStream(from), child.stdin).catch(() => undefined);
  try {
    await pipeline(child.stdout, atMost(most), createWriteStream(into));
    await fed;
    const [code] = await closed;
    if (code !== 0) throw refused(`${program} cannot read it: ${said.trim()}`);
  } catch (error) {
    throw missing ? infrastructure(`${program} cannot be run: ${missing.message}`, missing) : error;
  } finally {
    child.kill("SIGKILL");
  }
}

/** Passes so many bytes and refuses the next. */
const atMost = (most: number) =>
  async function* (chunks: AsyncIterable<Buffer>) {
    let bytes = 0;
    for await (const chunk of chunks) {
      bytes += chunk.length;
      if (bytes > most) throw refused(`Unpacked it would be larger than ${most} bytes.`);
      yield chunk;
    }
  };
