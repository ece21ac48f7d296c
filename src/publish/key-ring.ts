import type { OpenPgpKey } from "./openpgp.ts";

/** A key as clients are given it: first its own certificate, then those of others that sign here too, before or after it.
 *  gpg, rpm, dnf and zypper take up every armored block of such a file. */
export const withOthers = (key: OpenPgpKey, others: readonly OpenPgpKey[]): OpenPgpKey => {
  if (others.length === 0) return key;
  const certificate = [key, ...others].map((one) => one.certificate).join("");
  return { ...key, certificate, others: others.map(({ fingerprint }) => fingerprint) };
};
