import { createHash } from "node:crypto";
import { copyFile, rm } from "node:fs/promises";
import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { fetchedName } from "../pipelines/service/known-sources.ts";
import { digestOf } from "./checksums.ts";
import { wordsOf } from "./failure.ts";
import type { Say } from "./progress.ts";

/** A file that an earlier stage of this recipe left, and where it is lent. */
export interface Known {
  readonly name: string;
  readonly sha256: string;
  readonly url: string;
}

/**
 * What was fetched for this recipe before, and what is left for the next time, each by what was asked for. Only what
 * can be recognised is put here: a file by its listed digest, a commit by its own name.
 */
export interface Shelf {
  /** Writes what an earlier stage left, if there is such a thing; whether it is the right one is for the caller to say. */
  take(asked: string, into: string): Promise<boolean>;
  keep(asked: string, path: string): Promise<void>;
  /** Names of the files in `dir` that are to be left. */
  kept(): readonly string[];
}

export function openShelf(dir: string, known: readonly Known[], say: Say): Shelf {
  const kept = new Set<string>();
  return {
    async take(asked, into) {
      const found = known.find(({ name }) => name === nameOf(asked));
      if (!found) return false;
      try {
        await borrow(found, into);
        return true;
      } catch (error) {
        say(`note: ${asked} was fetched before, but what is left of it cannot be had: ${wordsOf(error)}`);
        await rm(into, { force: true });
        return false;
      }
    },
    async keep(asked, path) {
      const name = nameOf(asked);
      if (kept.has(name)) return;
      // What services change later must not change here.
      await copyFile(path, join(dir, name));
      kept.add(name);
    },
    kept: () => [...kept],
  };
}

const nameOf = (asked: string): string => fetchedName(createHash("sha256").update(asked).digest("hex"));

async function borrow({ url, sha256 }: Known, into: string): Promise<void> {
  const response = await fetch(url, { redirect: "error", signal: AbortSignal.timeout(15 * 60_000) });
  if (!response.ok || !response.body) throw new Error(`HTTP ${response.status}`);
  await pipeline(Readable.fromWeb(response.body), createWriteStream(into));
  if ((await digestOf(into, "sha256")) !== sha256) throw new Error("it is another file");
}
