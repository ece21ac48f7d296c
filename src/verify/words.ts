import type { Finding, Rule } from "./finding.ts";

/** Every sentence that the verifier says of a mirror. */

const wrong = (rule: Rule, where: string, [what, why]: readonly [string, string]): Finding => ({
  kind: "wrong",
  rule,
  where,
  what,
  why,
});

const unseen = (rule: Rule, where: string, [what, why]: readonly [string, string]): Finding => ({
  ...wrong(rule, where, [what, why]),
  kind: "unseen",
});

const REFUSED = "dnf and zypper refuse it.";

export const missing = (where: string, status: number): Finding =>
  wrong("missing", where, [
    `it is not there (the answer is ${status}), but clients are sent to it.`,
    "They fail.",
  ]);

export const unreachable = (where: string, because: string): Finding =>
  unseen("unreachable", where, [`it could not be read: ${because}.`, "Nothing is known of it."]);

export interface Measure {
  readonly size: number;
  readonly sha256?: string;
}

export const otherContent = (where: string, expected: Measure, actual: Measure): Finding =>
  wrong("content", where, [`it should be ${measure(expected)}, and is ${measure(actual)}.`, REFUSED]);

const measure = ({ size, sha256 }: Measure): string =>
  `${size} bytes${sha256 === undefined ? "" : ` with sha256 ${sha256}`}`;

export const tooLong = (where: string, limit: number): Finding =>
  wrong("content", where, [`it is longer than ${limit} bytes.`, "No such file of ours is."]);

export const malformed = (where: string, because: string): Finding =>
  wrong("form", where, [`it is not what Millwright writes there: ${because}.`, "Somebody else wrote it."]);

export const badSignature = (where: string, fingerprint: string, because: string): Finding =>
  wrong("signature", where, [
    `it and its signature ${where}.asc do not belong together, or the key ${fingerprint} did not sign it: ${because}.`,
    REFUSED,
  ]);

export const badKey = (where: string, because: string): Finding =>
  wrong("key", where, [`it is not a sound public key: ${because}.`, "Nothing can be checked by it."]);

export const otherKey = (where: string, found: string, trusted: string): Finding =>
  wrong("key", where, [
    `it is the key ${found}, and trusted is ${trusted}.`,
    "Who holds the other key could have signed anything here.",
  ]);

export const twoKeys = (where: string, channelKey: string): Finding =>
  wrong("key", where, [`it differs from ${channelKey}.`, "zypper and dnf would trust different keys."]);

export const firstSeen = (where: string, fingerprint: string): Finding => ({
  kind: "note",
  rule: "key",
  where,
  what: `nobody vouches for the key ${fingerprint}: it was taken as found, for the first time.`,
  why: "Compare it with what the publisher says elsewhere, or pass --key.",
});

export const noPointer = (where: string): Finding =>
  unseen("address", where, [
    "there is no pointer (mirrorlist) here.",
    "Give the address of a .repo file or of a target, or of a channel with --target.",
  ]);

export const pointsAway = (where: string, line: string): Finding =>
  wrong("pointer", where, [
    `it says ${JSON.stringify(line)}, which is no snapshot of this target.`,
    "Clients go there. If this is another name of the same mirror, verify it by the name that it calls itself.",
  ]);

export const otherRepoFile = (where: string, found: string, expected: string): Finding =>
  wrong("repo-file", where, [
    `it says ${JSON.stringify(found)} where ${JSON.stringify(expected)} should be.`,
    "Who takes this file may look elsewhere, or check less.",
  ]);

export const disagrees = (where: string, because: string): Finding =>
  wrong("metadata", where, [
    `it does not agree with the signed list of packages: ${because}.`,
    "Clients see another repository than was published.",
  ]);

export const notSigned = (where: string, because: string): Finding =>
  wrong("package", where, [`rpm does not accept its signature: ${because}.`, REFUSED]);

export const noRpm = (where: string): Finding => ({
  kind: "skipped",
  rule: "package",
  where,
  what: "the signatures inside of packages were not checked, because rpm is not installed here.",
  why: "Their digests are in the signed metadata all the same.",
});

export const tooOld = (where: string, days: number, limit: number): Finding =>
  wrong("age", where, [
    `its content is of ${days} days ago; allowed are ${limit}.`,
    "A mirror that stands still keeps security updates from its clients.",
  ]);

export const fromTheFuture = (where: string, at: string): Finding =>
  wrong("age", where, [`its content is of ${at}, which is still to come.`, "A clock is wrong somewhere."]);

export const wentBack = (where: string, now: string, before: string): Finding =>
  wrong("rollback", where, [
    `${now}, and ${before} was seen before.`,
    "Somebody shows old packages, with holes that are mended since.",
  ]);

export const rewritten = (where: string): Finding =>
  wrong("rollback", where, [
    "it has other content than when it was seen before.",
    "A snapshot never changes: two are under one number.",
  ]);

export const otherRelease = (where: string, found: string, expected: string): Finding =>
  wrong("announcement", where, [
    `it speaks of the release ${found} where ${expected} should be.`,
    "Programs and people would take one for the other.",
  ]);

export const otherDigest = (where: string, sha256: string): Finding =>
  wrong("announcement", where, [
    `it is signed, and not the digest ${sha256} that the release tells.`,
    "Who checks the image by it takes another one.",
  ]);

export const badAttestation = (where: string, because: string): Finding =>
  wrong("attestation", where, [`it does not say where its file comes from: ${because}`, ""]);

export const notAttested = (where: string, count: number, of: number): Finding => ({
  kind: "note",
  rule: "attestation",
  where,
  what: `of ${of} packages that were read ${count} say nothing of where they come from.`,
  why: "That is so with what was published before it was said.",
});
