import { ATTESTATION_KEY_FILE } from "./attest.ts";
import { fetchOffers } from "./judge.ts";
import type { Desk } from "./judge.ts";
import type { Manifest } from "./manifest.ts";
import { refresh } from "./mirror.ts";
import { moveAll, settle } from "./moves.ts";
import { placing } from "./place.ts";
import { snapshotUrl } from "./pointer.ts";
import { KEY_FILE, repoFile, repoFileName } from "./repo-file.ts";
import { restoring } from "./restore.ts";
import { numbered } from "./snapshot.ts";
import { movesOf } from "./step.ts";
import type { Brought, Step, Steps } from "./step.ts";

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

/** Publishes what a run built, in one transaction: all targets pass the gate before any is signed, and all are whole on
 *  the mirror before any pointer moves. Source packages go beside the binary ones: clients take them only when asked for a
 *  source (`dnf download --source`, `zypper source-install`). */
export async function publish(desk: Desk): Promise<Outcome> {
  const targets: Steps[] = [];
  for (const { restore, ...one } of desk.manifest.targets)
    targets.push(
      restore === undefined
        ? placing(desk, await fetchOffers(desk, one))
        : restoring(desk, { target: one.target, number: restore }),
    );
  for (;;) {
    await settle(desk.mirror);
    const steps: Step[] = [];
    for (const stepsOf of targets) steps.push(...(await stepsOf()));
    const refusals = steps.flatMap((step) => step.refusals);
    if (refusals.length > 0) return { kind: "refused", sentences: refusals };
    await show(desk);
    const placed: Placed[] = [];
    for (const step of steps) placed.push({ step, brought: await step.bring() });
    if (
      await moveAll(
        desk.mirror,
        placed.flatMap(({ step, brought }) => movesOf(desk, step, brought)),
      )
    )
      return { kind: "published", published: told(desk, placed) };
  }
}

/** What clients begin with, at addresses that people keep. */
async function show({ mirror, manifest, key, attestationKey }: Desk): Promise<void> {
  await refresh(mirror, KEY_FILE, key.certificate);
  if (attestationKey) await refresh(mirror, ATTESTATION_KEY_FILE, attestationKey.pem);
  for (const { target } of manifest.targets) {
    const file = { ...about(manifest), target };
    await refresh(mirror, repoFileName(file), repoFile(file));
  }
}

interface Placed {
  readonly step: Step;
  readonly brought: Brought;
}

/** A target's first line is that of the release. */
function told({ manifest, key }: Desk, placed: readonly Placed[]): Published {
  const first = new Map(placed.toReversed().map((one) => [one.step.target, one]));
  const targets = [...first.values()].toReversed().map((one) => targetTold(manifest, one));
  return { channel: manifest.channel, targets, key: { fingerprint: key.fingerprint } };
}

const about = ({ repo, channel, mirror }: Manifest) => ({ repo: repo.name, channel, url: mirror.url });

function targetTold(
  manifest: Manifest,
  { step: { target }, brought: { number, packages } }: Placed,
): PublishedTarget {
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
