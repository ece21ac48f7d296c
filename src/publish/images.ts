import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { ReleasedImage } from "../pipelines/release/release-document.ts";
import { isPackageList } from "../pipelines/kiwi/image-packages.ts";
import { readDocument } from "./announce/announce.ts";
import { contentAt, download } from "./download.ts";
import type { Content } from "./gate.ts";
import { imageName, isTelling } from "./image-names.ts";
import { writePapers } from "./image-papers.ts";
import type { ImageStore } from "./image-store.ts";
import { inParallel } from "./in-parallel.ts";
import type { Desk } from "./judge.ts";
import { lastingNames } from "./lasting-names.ts";
import type { Manifest } from "./manifest.ts";
import { keep } from "./mirror.ts";
import { signDigest } from "./sign-digest.ts";

type Offer = NonNullable<Manifest["images"]>[number];

/** A file of an image that is on the mirror, below the channel. `sha256` in hex, `size` in bytes. */
export interface PublishedImage {
  readonly job: string;
  readonly arch: string;
  readonly path: string;
  /** The address that always has the newest one; absent for what only tells of an image. */
  readonly newest?: string;
  readonly sha256: string;
  readonly size: number;
  /** All that is told of an image; absent for what only tells of one. */
  readonly told?: ReleasedImage;
}

export interface Images {
  /** One sentence for each file that is not the one in the record. */
  readonly refusals: readonly string[];
  /** Writes them under their number, each image with its digest and our signature of that. */
  readonly bring: () => Promise<readonly PublishedImage[]>;
  /** Writes them at the addresses that people keep, for a channel without releases. */
  readonly name: (brought: readonly PublishedImage[]) => Promise<void>;
}

/** An offer that was measured: what tells of an image is here, an image stays where it is. */
interface Measured {
  readonly offer: Offer;
  readonly actual: Content & { readonly version: string };
  readonly local?: string;
}

/** The images that a publish stage is offered, compared with the record: read once, and not kept. */
export async function imagesOf(desk: Desk): Promise<Images> {
  const { manifest, dir, images: store } = desk;
  const offers = manifest.images ?? [];
  if (!store) return { refusals: [], bring: async () => [], name: async () => undefined };
  const lost = await lostImages(desk, store);
  const measured = await inParallel(offers, async (offer, index): Promise<Measured> => {
    const { url, size } = offer;
    if (!isTelling(offer.name)) return { offer, actual: await contentAt(url, size) };
    const local = join(dir, `image-${index}`);
    return { offer, actual: { ...(await download(url, { file: local, limit: size })), version: "" }, local };
  });
  const wrong = measured.filter(
    ({ offer, actual }) => actual.size !== offer.size || actual.sha256 !== offer.sha256,
  );
  const names = lastingNames(desk, store);
  return {
    refusals: [
      ...lost,
      ...wrong.map(({ offer }) => `${offer.name} of ${offer.job} is not the file in the record.`),
    ],
    bring: () => inParallel(measured, (one) => bring({ ...desk, images: store }, measured, one)),
    name: async (brought) => names.give(brought.flatMap(({ told }) => told ?? [])),
  };
}

/** Images are brought back where they are. That they still are is known before anything moves. */
async function lostImages(desk: Desk, store: ImageStore): Promise<readonly string[]> {
  const { release, mirror } = desk.manifest;
  const { images = [] } = (await readDocument(desk, release?.of)) ?? {};
  const lost = await inParallel(images, async ({ location, sha256 }) => {
    const path = location.slice(mirror.url.length + 1);
    return (await store.digest(path)) === sha256 ? [] : [`${path} is no longer on the mirror as it was.`];
  });
  return lost.flat();
}

/** Where the images of a publication lie: under a release's number, or the time of the run. */
const imageFolder = ({ release, at }: Pick<Manifest, "release" | "at">): string =>
  `images/${release?.number ?? at.replaceAll(/[-:]|\.\d+/g, "")}`;

async function bring(
  desk: Desk & { readonly images: ImageStore },
  all: readonly Measured[],
  one: Measured,
): Promise<PublishedImage> {
  const { manifest } = desk;
  const { job, run = manifest.run, arch, name, sha256, size, target } = one.offer;
  const folder = imageFolder(manifest);
  const path = `${folder}/${name}`;
  const published = { job, arch, path, sha256, size };
  if (one.local !== undefined) {
    await keep(desk.mirror, path, await readFile(one.local));
    return published;
  }
  await copy(desk, one, path);
  const { stem, lasting, ...named } = imageName(name, arch);
  const list = all.find(({ offer }) => isPackageList(offer.name) && offer.job === job && isOf(offer, stem));
  const packages = list?.local === undefined ? undefined : await readFile(list.local, "utf8");
  const papers = await writePapers(desk, { ...published, run, target, packages });
  // The digest is written last: where it is, all of the image is.
  await signDigest(desk, published, (key, text) => keep(desk.mirror, key, Buffer.from(text)));
  const url = (key: string): string => `${manifest.mirror.url}/${key}`;
  const newest = lasting === undefined ? undefined : `images/latest/${lasting}`;
  const told: ReleasedImage = {
    ...named,
    arch,
    target,
    location: url(path),
    ...(newest !== undefined && { newest: url(newest) }),
    sha256,
    size,
    checksum: url(`${path}.sha256`),
    signature: url(`${path}.sha256.asc`),
    ...(list && { packages: url(`${folder}/${list.offer.name}`) }),
    ...(papers.sbom !== undefined && { sbom: url(papers.sbom) }),
    ...(papers.attestation !== undefined && { attestation: url(papers.attestation) }),
  };
  return { ...published, ...(newest !== undefined && { newest }), told };
}

/** Does this file tell of the image whose file's name begins so? */
const isOf = ({ name }: Offer, stem: string): boolean => name.startsWith(`${stem}.`);

/** The very bytes that were measured, from where the build left them. */
async function copy(
  { images }: { readonly images: ImageStore },
  { offer: { from, sha256, size }, actual: { version } }: Measured,
  to: string,
): Promise<void> {
  const there = await images.digest(to);
  const order = { from: { ...from, version }, to, size, sha256, write: "once" } as const;
  if (there === undefined && (await images.copy(order))) return;
  if ((there ?? (await images.digest(to))) !== sha256)
    throw new Error(`${to} is on the mirror with other content.`);
}
