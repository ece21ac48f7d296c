import { createWriteStream } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { inParallel } from "../publish/in-parallel.ts";
import type { Package } from "../publish/package-list.ts";
import type { Tools } from "../publish/tools.ts";
import { amiss } from "./finding.ts";
import type { Notes } from "./finding.ts";
import { holding, reading, sizeAt } from "./net.ts";
import type { Net } from "./net.ts";
import { noRpm, notSigned, otherContent } from "./words.ts";

/** What looking at packages needs: rpm's tools (absent: the signatures inside of packages are not checked), and a
 *  directory for one package per worker. */
export interface Bench {
  readonly net: Net;
  readonly tools: Tools | undefined;
  readonly dir: string;
}

interface Packages {
  readonly targetUrl: string;
  readonly packages: readonly Package[];
  /** Those that are read whole; of the others only the size is asked for. */
  readonly chosen: ReadonlySet<Package>;
  /** The armored public key. */
  readonly key: string;
}

/** Reads packages, each by size and digest, and lets rpm check their signatures against this one key. Tells whether it did. */
export async function checkPackages(
  bench: Bench,
  { targetUrl, packages, chosen, key }: Packages,
  notes: Notes,
): Promise<boolean> {
  const place = await mkdtemp(join(bench.dir, "packages-"));
  try {
    const rpm = await keyring(bench.tools, place, key);
    if (!rpm) notes.add(noRpm(targetUrl));
    await inParallel(packages, (one, index) => {
      const url = `${targetUrl}/${one.path}`;
      if (!chosen.has(one)) return notes.guard(() => checkSize(bench.net, url, one));
      return notes.guard(() => checkWhole(bench.net, { url, file: join(place, `${index}.rpm`), rpm }, one));
    });
    return rpm !== undefined;
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}

type Rpm = (file: string) => Promise<unknown>;

/** rpm with a keyring of its own; nothing where there is no rpm. */
async function keyring(tools: Tools | undefined, place: string, key: string): Promise<Rpm | undefined> {
  if (!tools || !(await tools("rpmkeys", ["--version"]).catch(() => undefined))) return undefined;
  const keys = join(place, "keys");
  const file = join(place, "key.asc");
  await writeFile(file, key);
  await tools("rpmkeys", ["--dbpath", keys, "--import", file]);
  return (file) =>
    tools("rpmkeys", ["--dbpath", keys, "--define", "_pkgverify_level all", "--checksig", file]);
}

async function checkSize(net: Net, url: string, { size }: Package): Promise<void> {
  const actual = await sizeAt(net, url);
  if (actual !== size) throw amiss(otherContent(url, { size }, { size: actual }));
}

interface Download {
  readonly url: string;
  readonly file: string;
  readonly rpm: Rpm | undefined;
}

async function checkWhole(net: Net, { url, file, rpm }: Download, expected: Package): Promise<void> {
  await reading(net, url, async (body) => {
    const held = holding(url, body, expected);
    if (rpm) await pipeline(held, createWriteStream(file));
    else for await (const _chunk of held);
  });
  await rpm?.(file).catch((error: unknown) => {
    throw amiss(notSigned(url, wordsOf(error)));
  });
  await rm(file, { force: true });
}

const wordsOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replaceAll(/\s+/g, " ");
