import type { ReleaseDocument } from "../pipelines/release/release-document.ts";
import { announce, readReleases } from "./announce/announce.ts";
import { contentBy } from "./announce/content.ts";
import { imagesOf } from "./images.ts";
import { lastingNames } from "./lasting-names.ts";
import { fetchOffers } from "./judge.ts";
import type { Asked, Desk } from "./judge.ts";
import { moveAll, settle } from "./moves.ts";
import type { ReadyTree } from "./ostree/prepare-tree.ts";
import { treesOf } from "./ostree/publish-trees.ts";
import { placing } from "./place.ts";
import { publishedTarget, publishedTree } from "./published.ts";
import type { Published } from "./published.ts";
import { restoring } from "./restore.ts";
import { show } from "./show.ts";
import { movesOf } from "./step.ts";
import type { Brought, Step, Steps } from "./step.ts";
import { writeReleaseSboms } from "./write-sbom.ts";

export type Outcome =
  | {
      readonly kind: "published";
      readonly published: Published;
      /** What is told of the release, if it is one. */
      readonly release?: ReleaseDocument;
    }
  /** One sentence for each violation. Nothing was signed, unless the channel changed meanwhile. */
  | { readonly kind: "refused"; readonly sentences: readonly string[] };

/** Publishes what a run built, in one transaction: all targets pass the gate before any is signed, and all are whole on
 *  the mirror before any pointer moves. Source packages go beside the binary ones: clients take them only when asked for a
 *  source (`dnf download --source`, `zypper source-install`). */
export async function publish(desk: Desk): Promise<Outcome> {
  if (desk.manifest.release) await readReleases(desk);
  const targets: Steps[] = [];
  const asked: Asked[] = [];
  for (const { restore, ...one } of desk.manifest.targets)
    if (restore === undefined) {
      const it = await fetchOffers(desk, one);
      asked.push(it);
      targets.push(placing(desk, it));
    } else targets.push(restoring(desk, { target: one.target, number: restore }));
  const trees = await treesOf(desk);
  const images = await imagesOf(desk);
  for (;;) {
    await settle(desk.mirror);
    const steps: Step[] = [];
    for (const stepsOf of targets) steps.push(...(await stepsOf()));
    const treeSteps = await trees.steps();
    const sentences = [
      ...refused(desk, steps),
      ...treeSteps.flatMap(({ refusals }) => refusals),
      ...images.refusals,
    ];
    if (sentences.length > 0) return { kind: "refused", sentences };
    await show(desk);
    const placed: Placed[] = [];
    for (const step of steps) placed.push({ step, brought: await step.bring() });
    await writeReleaseSboms(desk, placed);
    const ready: ReadyTree[] = [];
    for (const { bring } of treeSteps) ready.push(await bring());
    const made = await images.bring();
    const moves = placed.flatMap(({ step, brought }) => movesOf(desk, step, brought));
    if (!(await moveAll(desk.mirror, [...moves, ...ready.flatMap(({ move }) => move ?? [])]))) continue;
    await trees.list(ready);
    if (!desk.manifest.release) await images.name(made);
    return announced(desk, asked, { ...told(desk, placed, ready), ...(made.length > 0 && { images: made }) });
  }
}

/** What clients find by now; of a release, people and programs are told, and then the names that stay follow it. */
async function announced(desk: Desk, asked: readonly Asked[], published: Published): Promise<Outcome> {
  const { release } = desk.manifest;
  if (!release) return { kind: "published", published };
  const fetched = asked.flatMap((one) => one.fetched);
  const { targets, trees = [], images = [] } = published;
  const content = await contentBy(desk, { fetched, targets });
  const told = await announce(
    { ...desk, manifest: { ...desk.manifest, release } },
    {
      ...content,
      images: images.flatMap((one) => one.told ?? []),
      trees: trees.map(({ ref, commit, url }) => ({ ref, commit, repository: url })),
    },
  );
  if (desk.images) await lastingNames(desk, desk.images).follow();
  return { kind: "published", published, release: told };
}

interface Placed {
  readonly step: Step;
  readonly brought: Brought;
}

/** A target's first line is that of the release. */
function told({ manifest, key }: Desk, placed: readonly Placed[], ready: readonly ReadyTree[]): Published {
  const targets = manifest.targets.flatMap(({ target }) => {
    const first = placed.find(({ step }) => step.target === target);
    return first ? [publishedTarget(manifest, target, first.brought)] : [];
  });
  const trees = ready.map((tree) => publishedTree(manifest, tree));
  const fingerprint = { fingerprint: key.fingerprint };
  return { channel: manifest.channel, targets, ...(trees.length > 0 && { trees }), key: fingerprint };
}

/** With several targets, each refusal names its own; and none of them was changed. */
function refused({ manifest: { targets } }: Desk, steps: readonly Step[]): readonly string[] {
  if (targets.length < 2) return steps.flatMap(({ refusals }) => refusals);
  const named = steps.flatMap(({ target, refusals }) => refusals.map((one) => `${target}: ${one}`));
  const names = targets.map(({ target }) => target).join(", ");
  return named.length === 0 ? named : [...named, `Nothing has changed for clients of ${names}.`];
}
