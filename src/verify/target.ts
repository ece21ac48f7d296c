import { METADATA } from "../publish/elements.ts";
import { inParallel } from "../publish/in-parallel.ts";
import type { Package } from "../publish/package-list.ts";
import { amiss } from "./finding.ts";
import type { Notes } from "./finding.ts";
import { readList } from "./listed.ts";
import { checkMetadata } from "./metadata.ts";
import { checkPackages } from "./packages.ts";
import type { Bench } from "./packages.ts";
import { readPointer } from "./pointer.ts";
import type { Pointer, Target } from "./pointer.ts";
import { checkKeyBeside, checkSbom, readFiles, readRecord } from "./record.ts";
import type { Record } from "./record.ts";
import { sample } from "./sample.ts";
import { checkForward, instant } from "./seen.ts";
import type { Seen } from "./seen.ts";
import type { Certificate } from "./signed.ts";
import { trusted, trustedNext } from "./trusted.ts";
import type { Pinned } from "./trusted.ts";
import { fromTheFuture, tooOld } from "./words.ts";

/** What a look asks of a target. */
export interface Terms {
  readonly key?: Pinned | undefined;
  /** How it was when it was last good. */
  readonly seen: Seen | undefined;
  /** Days since the content was published. */
  readonly maxAge?: number | undefined;
  /** Reads every package whole. */
  readonly all: boolean;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** A target as it was found: one snapshot of it. */
export interface Found {
  readonly snapshot: string;
  readonly number: number;
  /** Unix time. */
  readonly revision: number;
  readonly record: string;
  readonly fingerprint: string;
  /** The keys to trust from now on. */
  readonly keys: readonly string[];
  readonly packages: readonly Package[];
  /** Where the packages' own addresses begin, those of them that were read whole, and what all of it was checked by. */
  readonly targetUrl: string;
  readonly chosen: readonly Package[];
  readonly certificate: Certificate;
  /** How many of them were read whole, and whether rpm checked the signatures of those. */
  readonly read: number;
  readonly rpm: boolean;
}

/** Looks at a target from its pointer to its packages, and notes all that is wrong. What is found may be in part. */
export async function lookAtTarget(
  bench: Bench,
  { target, terms }: { readonly target: Target; readonly terms: Terms },
  notes: Notes,
): Promise<Found | undefined> {
  const pointer = await notes.guard(() => readPointer(bench.net, target));
  const certificate = await notes.guard(() => trusted(bench.net, target.keyUrl, { before: terms, notes }));
  if (!pointer || !certificate) return undefined;
  const { net } = bench;
  const beside = notes.guard(() => checkKeyBeside(net, pointer, certificate.published));
  const record = await notes.guard(() => readRecord(net, pointer, certificate));
  await beside;
  if (!record) return undefined;
  await notes.guard(() => checkForward(pointer, record, terms.seen));
  await notes.guard(() => checkAge(pointer, record, terms));
  await notes.guard(() => checkSbom(net, pointer, { record, certificate }));
  const packages = await lookAtMetadata(bench, { pointer, record, certificate }, notes);
  const chosen = terms.all ? new Set(packages) : sample(record.sha256, packages);
  const rpm = await checkPackages(
    bench,
    { targetUrl: target.url, packages, chosen, key: certificate.text },
    notes,
  );
  const { fingerprint } = certificate;
  const { revision } = record.snapshot;
  const { snapshotUrl: snapshot, number } = pointer;
  const read = chosen.size;
  const keys = trustedNext(certificate, record.snapshot.keys);
  const looked = { targetUrl: target.url, chosen: [...chosen], certificate, read, rpm };
  return { snapshot, number, revision, record: record.sha256, fingerprint, keys, packages, ...looked };
}

interface Scene {
  readonly pointer: Pointer;
  readonly record: Record;
  readonly certificate: Certificate;
}

async function lookAtMetadata(
  { net }: Bench,
  { pointer, record, certificate }: Scene,
  notes: Notes,
): Promise<readonly Package[]> {
  const { snapshotUrl } = pointer;
  const files = await notes.guard(() => readFiles(net, pointer, { record, certificate }));
  const list = await notes.guard(() => readList(net, snapshotUrl, record.snapshot));
  if (list && files)
    await inParallel(METADATA, (type) => {
      const file = { type, url: snapshotUrl + files[type].path, file: files[type] };
      return notes.guard(() => checkMetadata(net, file, list));
    });
  return list?.flat() ?? [];
}

const DAY = 86_400;

function checkAge(
  { snapshotUrl }: Pointer,
  { snapshot: { revision } }: Record,
  { now, maxAge }: Terms,
): void {
  const days = (now / 1000 - revision) / DAY;
  if (days < -1) throw amiss(fromTheFuture(snapshotUrl, instant(revision)));
  if (maxAge !== undefined && days > maxAge) throw amiss(tooOld(snapshotUrl, Math.floor(days), maxAge));
}
