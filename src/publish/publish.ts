import { ATTESTATION_KEY_FILE } from "./attest.ts";
import { sentence } from "./gate.ts";
import type { Violation } from "./gate.ts";
import { fetchOffers, judge } from "./judge.ts";
import type { Desk, Judged } from "./judge.ts";
import type { Manifest } from "./manifest.ts";
import { refresh } from "./mirror.ts";
import { place } from "./place.ts";
import type { Placed } from "./place.ts";
import { snapshotUrl } from "./pointer.ts";
import { KEY_FILE, repoFile, repoFileName } from "./repo-file.ts";
import { numbered } from "./snapshot.ts";

/** What was published, as `published.json` tells it. Paths are below the channel's address. */
export interface Published {
  readonly channel: string;
  readonly targets: readonly PublishedTarget[];
  readonly key: { readonly fingerprint: string };
}

interface PublishedTarget {
  readonly target: string;
  readonly snapshot: string;
  /** The snapshot's own address, and that of the repository file for clients. */
  readonly url: string;
  readonly repo: string;
  readonly packages: readonly {
    readonly nevra: string;
    readonly name: string;
    readonly file: string;
    /** Digest as built. */
    readonly unsigned: string;
    /** Digest and bytes as signed. */
    readonly sha256: string;
    readonly size: number;
    readonly path: string;
  }[];
}

export type Outcome =
  | { readonly kind: "published"; readonly published: Published }
  /** One sentence for each violation. Nothing was signed, unless the channel changed meanwhile. */
  | { readonly kind: "refused"; readonly sentences: readonly string[] };

/** Publishes what a run built: all targets pass the gate before any is written. Source packages go beside the binary ones:
 *  clients take them only when asked for a source (`dnf download --source`, `zypper source-install`). */
export async function publish(desk: Desk): Promise<Outcome> {
  const judged: Judged[] = [];
  for (const target of desk.manifest.targets) judged.push(await judge(desk, await fetchOffers(desk, target)));
  const violations = judged.flatMap(({ verdict }) => verdict.violations);
  if (violations.length > 0) return refused(violations);
  await refresh(desk.mirror, KEY_FILE, desk.key.certificate);
  if (desk.attestationKey) await refresh(desk.mirror, ATTESTATION_KEY_FILE, desk.attestationKey.pem);
  const targets: PublishedTarget[] = [];
  for (const one of judged) {
    const file = { ...about(desk.manifest), target: one.asked.target };
    await refresh(desk.mirror, repoFileName(file), repoFile(file));
    const placed = await place(desk, one);
    if ("violations" in placed) return refused(placed.violations);
    targets.push(told(placed, desk.manifest));
  }
  const { channel } = desk.manifest;
  return { kind: "published", published: { channel, targets, key: { fingerprint: desk.key.fingerprint } } };
}

const refused = (violations: readonly Violation[]): Outcome => ({
  kind: "refused",
  sentences: violations.map(sentence),
});

const about = ({ repo, channel, mirror }: Manifest) => ({ repo: repo.name, channel, url: mirror.url });

function told({ target, number, packages }: Placed, manifest: Manifest): PublishedTarget {
  return {
    target,
    snapshot: numbered(number),
    url: snapshotUrl(manifest.mirror.url, target, number),
    repo: `${manifest.mirror.url}/${repoFileName({ ...about(manifest), target })}`,
    packages: packages.map(({ nevra, name, file, unsigned, sha256, size, path }) => ({
      nevra,
      name,
      file,
      unsigned,
      sha256,
      size,
      path: `${target}/${path}`,
    })),
  };
}
