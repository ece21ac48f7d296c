import { ATTESTATION_KEY_FILE } from "./attest.ts";
import type { Desk } from "./judge.ts";
import type { Manifest } from "./manifest.ts";
import { keep, refresh } from "./mirror.ts";
import type { Mirror } from "./mirror.ts";
import { armored, certificatesIn, verifyDetached } from "./openpgp.ts";
import { KEY_FILE, keyFileName, repoFile, repoFileName } from "./repo-file.ts";

/** What a manifest says of all its repository files. */
export const aboutOf = ({ repo, channel, mirror }: Manifest) => ({
  repo: repo.name,
  channel,
  url: mirror.url,
});

/** Writes what clients begin with: at addresses that people keep, and at those that stay with a release. */
export async function show({ mirror, manifest, key, attestationKey }: Desk): Promise<void> {
  const { release, targets, at } = manifest;
  await refresh(mirror, KEY_FILE, key.certificate);
  if (attestationKey) await showAttestationKey({ mirror, key, pem: attestationKey.pem, at: new Date(at) });
  if (release) await addKeys(mirror, keyFileName({ release: release.number }), key.certificate);
  for (const { target } of targets) {
    const file = { ...aboutOf(manifest), target };
    await refresh(mirror, repoFileName(file), repoFile(file));
    const pinned = release && { ...file, release: release.number };
    if (pinned) await keep(mirror, repoFileName(pinned), Buffer.from(repoFile(pinned)));
  }
}

interface Vouching extends Pick<Desk, "mirror" | "key"> {
  readonly pem: string;
  readonly at: Date;
}

/** Who trusts the channel's key can trust by it what attestations are signed with. A signature that holds stays. */
async function showAttestationKey({ mirror, key, pem, at }: Vouching): Promise<void> {
  const bytes = Buffer.from(pem);
  const there = await mirror.get(`${ATTESTATION_KEY_FILE}.asc`);
  const text = there && Buffer.from(there.value).toString();
  const holds = text !== undefined && (await isSigned(key.certificate, bytes, text));
  if (!holds) await refresh(mirror, `${ATTESTATION_KEY_FILE}.asc`, armored(await key.detach(bytes, at)));
  await refresh(mirror, ATTESTATION_KEY_FILE, pem);
}

const isSigned = (certificate: string, bytes: Uint8Array, signature: string): Promise<boolean> =>
  verifyDetached(certificate, bytes, signature).then(
    () => true,
    () => false,
  );

/** What belongs to a release may come under several keys, one after the other: none of them is taken away from it. */
async function addKeys(mirror: Mirror, file: string, certificate: string): Promise<void> {
  const there = await mirror.get(file);
  const keys = certificatesIn(certificate);
  const before = there ? certificatesIn(Buffer.from(there.value).toString()) : [];
  await refresh(mirror, file, [...keys, ...before.filter((one) => !keys.includes(one))].join(""));
}
