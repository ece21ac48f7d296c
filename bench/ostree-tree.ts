import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Files of an ordinary root and folders, by number. */
const FILES = 28_000;
const FOLDERS = 3_500;
/** Bytes of the file in the middle, and how far sizes spread around it (of their logarithm). Measured at a Debian root. */
const MIDDLE = 3_500;
const SPREAD = 2;
const LARGEST = 8 * 1024 ** 2;
/** Pieces that come again and again, in bytes, and their share: it packs to about 40 %. */
const COMMON = 4_000;
const KNOWN = 0.75;

/** Makes a tree of the sizes of a distribution's root, always the same one; of `day` 2 every hundredth file differs. */
export async function makeTree(dir: string, day: 1 | 2): Promise<void> {
  const words = makeWords();
  for (let n = 0; n < FILES; n += 1) {
    if (day === 2 && n % 100 !== 0) continue;
    const random = randomFrom(n + 1);
    const folder = join(dir, "usr", `${(n % FOLDERS) % 60}`, `${n % FOLDERS}`);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, `file-${n}`), contentOf({ n, day, words, random }));
  }
}

function contentOf({
  n,
  day,
  words,
  random,
}: {
  readonly n: number;
  readonly day: number;
  readonly words: Buffer;
  readonly random: () => number;
}): Buffer {
  const size = Math.min(LARGEST, Math.round(MIDDLE * Math.exp(SPREAD * normal(random))));
  const parts: Buffer[] = [Buffer.from(`file ${n} of day ${day}\n`)];
  for (let left = size; left > 0;) {
    const among = random() < KNOWN ? COMMON : words.length;
    const at = Math.floor(random() * (among - 200));
    const part = words.subarray(at, at + Math.min(left, 20 + Math.floor(random() * 100)));
    parts.push(part);
    left -= part.length;
  }
  return Buffer.concat(parts);
}

/** What files are made of. */
function makeWords(): Buffer {
  const random = randomFrom(0);
  return Buffer.from(Array.from({ length: 200_000 }, () => Math.floor(random() * 256)));
}

/** Two even numbers make one of a bell (Box and Muller). */
const normal = (random: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/** Numbers between 0 and 1, the same for the same seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
