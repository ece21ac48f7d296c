import { ATTESTATION_KEY_FILE } from "./attest.ts";
import type { Desk } from "./judge.ts";
import type { Manifest } from "./manifest.ts";
import { keep, refresh } from "./mirror.ts";
import { KEY_FILE, keyFileName, repoFile, repoFileName } from "./repo-file.ts";

/** What a manifest says of all its repository files. */
export const aboutOf = ({ repo, channel, mirror }: Manifest) => ({
  repo: repo.name,
  channel,
  url: mirror.url,
});

/** Writes what clients begin with: at addresses that people keep, and, for a release, where it never changes. */
export async function show({ mirror, manifest, key, attestationKey }: Desk): Promise<void> {
  const { release, targets } = manifest;
  await refresh(mirror, KEY_FILE, key.certificate);
  if (attestationKey) await refresh(mirror, ATTESTATION_KEY_FILE, attestationKey.pem);
  if (release) await keep(mirror, keyFileName({ release: release.number }), Buffer.from(key.certificate));
  for (const { target } of targets) {
    const file = { ...aboutOf(manifest), target };
    await refresh(mirror, repoFileName(file), repoFile(file));
    const pinned = release && { ...file, release: release.number };
    if (pinned) await keep(mirror, repoFileName(pinned), Buffer.from(repoFile(pinned)));
  }
}
