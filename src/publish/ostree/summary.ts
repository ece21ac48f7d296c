import { refresh, same } from "../mirror.ts";
import type { Mirror } from "../mirror.ts";
import { bytes, dictionary, text, u64, variantOf } from "../../pipelines/ostree/gvariant.ts";
import type { Dictionary } from "../../pipelines/ostree/gvariant.ts";
import type { Commit } from "./local-repository.ts";
import type { Delta } from "./delta.ts";
import { summaryShape } from "../../pipelines/ostree/shapes.ts";
import { signatureOf, writeSignature } from "./signed.ts";
import type { Hand } from "./signed.ts";

/** What a ref leads to now. */
export interface Listing {
  readonly ref: string;
  readonly commit: Commit;
  readonly deltas: readonly Delta[];
}

const SUMMARY = "ostree/summary";
const DELTAS = "ostree.static-deltas";
const CONFIG = "ostree/config";

/** Tells clients that this is a repository for them. */
export const writeConfig = (mirror: Mirror): Promise<void> =>
  refresh(mirror, CONFIG, "[core]\nrepo_version=1\nmode=archive-z2\n");

/** Lists what refs lead to and the deltas to there. It follows the refs and is never ahead of them: a client that knows it and
 *  not yet the ref's new commit gets the one before, whole. Whoever writes it last looks whether it still is theirs. */
export async function writeSummary(
  { mirror, hand }: { readonly mirror: Mirror; readonly hand: Hand },
  news: readonly Listing[],
): Promise<void> {
  for (;;) {
    const there = await mirror.get(SUMMARY);
    const next = summaryWith(there && Buffer.from(there.value), { news, at: hand.at });
    const written = there
      ? same(there.value, next) || (await mirror.replace(SUMMARY, next, there.version))
      : await mirror.create(SUMMARY, next);
    if (!written) continue;
    await mirror.put(`${SUMMARY}.sig`, writeSignature(await signatureOf(hand, next)));
    const now = await mirror.get(SUMMARY);
    if (now && same(now.value, next)) return;
  }
}

type Entry = ReturnType<typeof summaryShape.read>[0][number];

/** The summary with some refs as they are now. Deltas to commits that no ref leads to any more are left out. */
function summaryWith(
  old: Buffer | undefined,
  { news, at }: { readonly news: readonly Listing[]; readonly at: Date },
): Buffer {
  const [refs, metadata] = old ? summaryShape.read(old) : [[], []];
  const entries = new Map<string, Entry>(refs.map((entry) => [entry[0], entry]));
  for (const { ref, commit } of news) entries.set(ref, entryOf(ref, commit));
  const ends = new Set([...entries.values()].map(([, [, sum]]) => sum.toString("hex")));
  const known = new Map(metadata).get(DELTAS);
  const deltas = new Map(known ? dictionary.read(known.data) : []);
  for (const { commit, deltas: made } of news)
    for (const { from, digest } of made) deltas.set(`${from}-${commit.sum}`, variantOf("ay", bytes, digest));
  const current = [...deltas].filter(([name]) => ends.has(name.slice(name.indexOf("-") + 1)));
  const about: Dictionary = [
    ["ostree.summary.mode", variantOf("s", text, "archive-z2")],
    ["ostree.summary.last-modified", variantOf("t", u64, seconds(at))],
    [DELTAS, variantOf("a{sv}", dictionary, current)],
  ];
  return summaryShape.write([[...entries.values()].toSorted(byRef), about]);
}

const entryOf = (ref: string, { sum, bytes, at }: Commit): Entry => [
  ref,
  [
    BigInt(bytes.length),
    Buffer.from(sum, "hex"),
    [["ostree.commit.timestamp", variantOf("t", u64, seconds(at))]],
  ],
];

const seconds = (at: Date): bigint => BigInt(Math.floor(at.getTime() / 1000));

/** Clients look refs up by halving: in the order of their bytes. */
const byRef = ([a]: Entry, [b]: Entry): number => Buffer.compare(Buffer.from(a), Buffer.from(b));
