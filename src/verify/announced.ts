import type { z } from "zod";
import { amiss, findingOf, type Rule } from "./finding.ts";
import { sizeAt } from "./net.ts";
import type { Net } from "./net.ts";
import { signed } from "./signed.ts";
import type { Certificate } from "./signed.ts";
import { Release, Releases, releaseUrl, Stream } from "./told.ts";
import { malformed, otherRelease } from "./words.ts";

/** Is something there? */
export async function isThere(net: Net, url: string): Promise<boolean> {
  try {
    await sizeAt(net, url);
    return true;
  } catch (error) {
    if (findingOf(error)?.rule === "missing") return false;
    throw error;
  }
}

/** Does a step again, some moments later, where what is read may just be changing. */
export async function steadily<T>(net: Net, step: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await step();
    } catch (error) {
      const rule = findingOf(error)?.rule;
      if (attempt === ATTEMPTS || rule === undefined || !PASSING.has(rule)) throw error;
      await net.pause(attempt * 2000);
    }
  }
}

const ATTEMPTS = 3;
/** A document comes before the signature beside it: of the first there is none for a moment, later that of the one before. */
const PASSING: ReadonlySet<Rule> = new Set(["missing", "signature", "announcement"]);

/** What tells of a channel's releases to programs and feed readers: each is signed, and they speak of the same release. */
export async function readReleases(net: Net, url: string, certificate: Certificate): Promise<Releases> {
  return steadily(net, async () => {
    const at = `${url}/releases.json`;
    const all = parsed(at, Releases, await signed(net, at, certificate));
    const stream = `${url}/stream.json`;
    const { release: now } = parsed(stream, Stream, await signed(net, stream, certificate));
    const newest = all.releases[0]?.release;
    if (now !== newest) throw amiss(otherRelease(stream, String(now), String(newest)));
    return all;
  });
}

/** Reads what people subscribe to: it is signed, and that is all that there is to know. */
export async function checkFeeds(net: Net, url: string, certificate: Certificate): Promise<void> {
  for (const name of ["releases.atom", "releases.ics"])
    await steadily(net, () => signed(net, `${url}/${name}`, certificate));
}

/** All that is told of one release, and what went into it, where that is told. */
export async function readRelease(
  net: Net,
  { url, number }: { readonly url: string; readonly number: string },
  certificate: Certificate,
): Promise<Release> {
  const at = releaseUrl(url, number);
  const document = parsed(at, Release, await steadily(net, () => signed(net, at, certificate)));
  if (document.release !== number) throw amiss(otherRelease(at, document.release, number));
  const lock = `${url}/releases/${number}/lock.json`;
  if (await isThere(net, lock)) await steadily(net, () => signed(net, lock, certificate));
  return document;
}

function parsed<T>(at: string, schema: z.ZodType<T>, bytes: Uint8Array): T {
  const read = schema.safeParse(json(at, bytes));
  if (!read.success) throw amiss(malformed(at, "it cannot be parsed, though it is signed"));
  return read.data;
}

function json(at: string, bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString());
  } catch {
    throw amiss(malformed(at, "it cannot be parsed, though it is signed"));
  }
}
