import type { OpenPgpKey } from "./openpgp.ts";

// Readers take a key file for the armored blocks that stand in it one after another: gpg, rpm, dnf and zypper alike.

const BEGIN = "-----BEGIN PGP PUBLIC KEY BLOCK-----";

/** A key as clients are given it: first its own certificate, then those of others that sign here too, before or after it. */
export const withOthers = (key: OpenPgpKey, others: readonly OpenPgpKey[]): OpenPgpKey => ({
  ...key,
  certificate: [key, ...others].map(({ certificate }) => certificate).join(""),
});

/** The armored certificates in a key file; together they are the whole text. */
export function certificatesIn(text: string): readonly string[] {
  const [before = "", ...blocks] = text.split(BEGIN).map((part, n) => (n === 0 ? part : BEGIN + part));
  const [first = "", ...others] = blocks;
  return [before + first, ...others];
}
