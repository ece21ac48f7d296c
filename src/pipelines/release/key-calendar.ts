import { z } from "zod";
import { instant } from "../instant.ts";

/** What is written down of a key that signs. Days are in UTC. */
const facts = {
  /** Its name in KMS, without the deployment's prefix; absent: the key that the deployment begins with. */
  alias: z.optional(z.string()),
  /** Who answers for it, and what for. */
  owner: z.optional(z.string()),
  purpose: z.optional(z.string()),
  /** The last day on which it is good. */
  expires: z.optional(z.iso.date()),
};

/** OpenPGP's part of a key: `created` is part of its fingerprint. */
const identity = { name: z.string(), email: z.string(), created: z.iso.datetime() };

/** When a key comes after another: on `shippedFrom` clients are given it too, on `from` it signs. */
const turn = { shippedFrom: z.iso.date(), from: z.iso.date(), alias: z.string() };

interface Dated {
  readonly expires?: string | undefined;
}

interface Turn extends Dated {
  readonly shippedFrom: string;
  readonly from: string;
}

/** A key, and the one that comes after it. */
export interface Plan extends Dated {
  readonly next?: Turn | undefined;
}

/** Either of the keys of a plan. */
type KeyOf<P extends Plan> = P | NonNullable<P["next"]>;

const inTime = ({ expires, next }: Plan): boolean =>
  !next ||
  (instant(next.from) - instant(next.shippedFrom) >= OVERLAP * DAY &&
    (expires === undefined || next.from <= expires) &&
    (next.expires === undefined || next.from <= next.expires));

const LATE = "the next key is shipped at least 30 days before it signs, and signs before the key expires";

export const PlannedKey = z
  .strictObject({
    ...identity,
    ...facts,
    next: z.optional(z.strictObject({ ...identity, ...facts, ...turn })),
  })
  .refine(inTime, LATE);
export type PlannedKey = z.infer<typeof PlannedKey>;

/** `builder`: the address under which this installation's pools of builders are known to who checks where things come from. */
export const PlannedAttestationKey = z
  .strictObject({
    builder: z.url(),
    ...facts,
    next: z.optional(z.strictObject({ ...facts, ...turn })),
  })
  .refine(inTime, LATE);

const DAY = 86_400;
/** So many days clients have to take up a new key. */
const OVERLAP = 30;
/** So many days before its end a key is spoken of, and as long a release without an end of its own is meant to last. */
const AHEAD = 180;

/** The key that signs at an instant (ISO 8601 in UTC). */
export const signing = <P extends Plan>(plan: P, at: string): KeyOf<P> => {
  const next: P["next"] = plan.next;
  return next && instant(at) >= instant(next.from) ? next : plan;
};

/** All keys that clients are given at an instant; the one that signs comes first. The last one's signatures stay about. */
export function shipped<P extends Plan>(plan: P, at: string): readonly KeyOf<P>[] {
  const next: P["next"] = plan.next;
  if (!next || instant(at) < instant(next.shippedFrom)) return [plan];
  return signing(plan, at) === next ? [next, plan] : [plan, next];
}

/** The key that signs what began at `began`, if its last day is over at `at`. */
export function expired<P extends Plan>(
  plan: P,
  { began, at }: { readonly began: string; readonly at: string },
): (KeyOf<P> & { readonly expires: string }) | undefined {
  const key = signing(plan, began);
  const { expires } = key;
  return expires !== undefined && at.slice(0, expires.length) > expires ? { ...key, expires } : undefined;
}

/** The last day of the key that signs, if that comes within 180 days and no other key takes over before. */
export function expiring(plan: Plan, at: string): string | undefined {
  const { expires } = signing(plan, at);
  if (expires === undefined || (plan.next && instant(at) < instant(plan.next.from))) return undefined;
  return instant(expires) - instant(at) <= AHEAD * DAY ? expires : undefined;
}

/** The last day of the key that signs at an instant, if what is signed then is meant to be good for longer: until the end
 *  of its support (a day), or 180 days. */
export function outlived(
  plan: Plan,
  { at, supportUntil }: { readonly at: string; readonly supportUntil?: string | undefined },
): string | undefined {
  const { expires } = signing(plan, at);
  if (expires === undefined) return undefined;
  const until = supportUntil === undefined ? instant(at) + AHEAD * DAY : instant(supportUntil);
  return instant(expires) < until ? expires : undefined;
}
