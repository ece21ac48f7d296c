import type { z } from "zod";
import { ReleaseDocument } from "../../pipelines/release/release-document.ts";
import type { Manifest, Release } from "../manifest.ts";
import { atomOf } from "./atom.ts";
import { calendarOf } from "./calendar.ts";
import { type ReleaseContent, documentOf } from "./document.ts";
import { documentKey, Releases, withRelease } from "./releases.ts";
import { type Press, readSigned, settle } from "./settle.ts";
import { streamOf } from "./stream.ts";

interface Announcer extends Press {
  readonly manifest: Pick<Manifest, "repo" | "channel" | "at" | "mirror" | "lock"> & {
    readonly release: Release;
  };
}

/**
 * Tells on the mirror of a release that clients find by now, and gives all that is told of it. First comes
 * `releases/<number>/release.json`, then the list `releases.json`; the feed, the calendar and `stream.json` are made of the
 * list as it is when they are written, so that they follow it whoever writes them. However many packages there are, it is
 * five documents (and the lock, where there is one) with their signatures. Again writes nothing; stopped anywhere, the next one to come makes up for it.
 */
export async function announce(press: Announcer, brought: ReleaseContent): Promise<ReleaseDocument> {
  const { release, mirror, lock } = press.manifest;
  if (lock) await settle(press, lockPath(release.number), async () => text(lock));
  const before = (await readReleases(press))?.releases.find((one) => one.release < release.number);
  const [previous, of] = [await readDocument(press, before?.release), await readDocument(press, release.of)];
  const path = documentKey(release.number);
  const document = parsed(
    await settle(press, path, async (was) =>
      written(
        ReleaseDocument,
        documentOf(press.manifest, brought, { was: was && parsed(was), of, previous }),
      ),
    ),
  );
  const { url } = mirror;
  await settle(press, "releases.json", async (was) =>
    written(Releases, withRelease(was && list(was), { document, url })),
  );
  for (const [path, render] of RENDERINGS)
    await settle(press, path, async () => {
      const all = await readReleases(press);
      if (!all) throw new Error("releases.json went away from the mirror.");
      return render(all);
    });
  return document;
}

/** What went into a release, beside what is told of it. */
const lockPath = (release: string): string => `releases/${release}/lock.json`;

const text = (value: object): string => `${JSON.stringify(value, undefined, 1)}\n`;

/** With its fields in the schema's order, as they are when it is read: equal content has equal bytes. */
const written = <T extends object>(schema: z.ZodType<T>, value: T): string => text(schema.parse(value));

/** What is made of the list. */
const RENDERINGS: readonly (readonly [string, (all: Releases) => string])[] = [
  ["stream.json", (all) => text(streamOf(all))],
  ["releases.atom", atomOf],
  ["releases.ics", calendarOf],
];

/** All releases that were told of; throws if that is not ours, which is better known before anything is published. */
export async function readReleases(press: Press): Promise<Releases | undefined> {
  const there = await readSigned(press, "releases.json");
  return there && list(there.value);
}

/** All of a release that was told of before. */
export async function readDocument(
  press: Press,
  number: string | undefined,
): Promise<ReleaseDocument | undefined> {
  const there = number === undefined ? undefined : await readSigned(press, documentKey(number));
  return there && parsed(there.value);
}

const parsed = (bytes: Uint8Array): ReleaseDocument => ReleaseDocument.parse(json(bytes));
const list = (bytes: Uint8Array): Releases => Releases.parse(json(bytes));
const json = (bytes: Uint8Array): unknown => JSON.parse(Buffer.from(bytes).toString());
