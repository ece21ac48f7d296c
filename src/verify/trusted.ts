import { amiss } from "./finding.ts";
import type { Notes } from "./finding.ts";
import { whole } from "./net.ts";
import type { Net } from "./net.ts";
import type { Seen } from "./seen.ts";
import { certificateOf } from "./signed.ts";
import type { Certificate } from "./signed.ts";
import { firstSeen, otherKey } from "./words.ts";

/** The keys that are trusted: their fingerprints (hex, upper case), and themselves where they are at hand. */
export interface Pinned {
  readonly fingerprint: string;
  readonly text?: string;
  readonly keys?: readonly { readonly fingerprint: string }[];
}

/** What a key file has of that which is trusted; `published`: all that clients are given there. */
interface Trusted extends Certificate {
  readonly published: Certificate;
}

interface Before {
  readonly key?: Pinned | undefined;
  readonly seen: Seen | undefined;
}

/** The keys that everything is checked by: of those that clients are given the ones that were trusted before. */
export async function trusted(
  net: Net,
  keyUrl: string,
  { before: { key, seen }, notes }: { readonly before: Before; readonly notes: Notes },
): Promise<Trusted> {
  const published = await certificateOf(keyUrl, (await whole(net, keyUrl)).toString());
  const among = (names: readonly string[]): Certificate => {
    const keys = published.keys.filter(({ fingerprint }) => names.includes(fingerprint));
    const [first] = keys;
    if (!first) throw amiss(otherKey(keyUrl, published.fingerprint, names.join(", ")));
    return { fingerprint: first.fingerprint, text: keys.map(({ text }) => text).join(""), keys };
  };
  const pinned = key && among((key.keys ?? [key]).map(({ fingerprint }) => fingerprint));
  const known = seen && among(seen.keys ?? [seen.fingerprint]);
  if (!key && !seen) notes.add(firstSeen(keyUrl, published.fingerprint));
  const found = pinned ?? known ?? published;
  return { ...found, text: key?.text ?? found.text, published };
}

/** The keys to trust from now on: those that were, and those that clients are given and a trusted key vouches for. */
export function trustedNext(
  { keys, published }: Trusted,
  vouched: readonly string[] = [],
): readonly string[] {
  const known = keys.map(({ fingerprint }) => fingerprint);
  const others = published.keys.map(({ fingerprint }) => fingerprint);
  return [...known, ...others.filter((one) => vouched.includes(one) && !known.includes(one))];
}
