import { inParallel } from "../publish/in-parallel.ts";
import type { Package } from "../publish/package-list.ts";
import { isThere } from "./announced.ts";
import { faultOf } from "./bundle.ts";
import { amiss, findingOf } from "./finding.ts";
import type { Notes } from "./finding.ts";
import { whole } from "./net.ts";
import type { Net } from "./net.ts";
import { signed } from "./signed.ts";
import type { Certificate } from "./signed.ts";
import { badAttestation, notAttested } from "./words.ts";

const KEY_FILE = "ATTESTATION-KEY-millwright.pem";

/** The public keys of a channel's attestations, which the channel's own key vouches for; nothing: it has none. */
export async function attestationKeys(
  net: Net,
  url: string,
  certificate: Certificate,
): Promise<string | undefined> {
  const at = `${url}/${KEY_FILE}`;
  return (await isThere(net, at)) ? (await signed(net, at, certificate)).toString() : undefined;
}

/** Looks at what says where packages come from, and notes how many say nothing: those that were there before it was said. */
export async function checkAttestations(
  net: Net,
  {
    targetUrl,
    packages,
    pem,
  }: { readonly targetUrl: string; readonly packages: readonly Package[]; readonly pem: string },
  notes: Notes,
): Promise<void> {
  const silent = await inParallel(packages, async (one) => {
    const url = `${targetUrl}/${one.path}.sigstore.json`;
    try {
      await checkBundle(net, url, { pem, sha256: one.sha256 });
      return [];
    } catch (error) {
      const finding = findingOf(error);
      if (!finding) throw error;
      if (finding.rule === "missing") return [one];
      notes.add(finding);
      return [];
    }
  });
  const count = silent.flat().length;
  if (count > 0) notes.add(notAttested(targetUrl, count, packages.length));
}

/** Throws unless a bundle speaks of the file of this digest, signed by one of these keys. */
export async function checkBundle(
  net: Net,
  url: string,
  by: { readonly pem: string; readonly sha256: string },
): Promise<void> {
  const fault = faultOf(await whole(net, url), by);
  if (fault !== undefined) throw amiss(badAttestation(url, fault));
}
