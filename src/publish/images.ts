import { join } from "node:path";
import { download } from "./download.ts";
import { inParallel } from "./in-parallel.ts";
import type { ImageStore } from "./image-store.ts";
import type { Desk } from "./judge.ts";
import type { Manifest } from "./manifest.ts";
import { keep } from "./mirror.ts";
import { armored } from "./openpgp.ts";

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
}

export interface Images {
  /** One sentence for each file that is not the one in the record. */
  readonly refusals: readonly string[];
  /** Writes them under their number, each image with its digest and our signature of that. */
  readonly bring: () => Promise<readonly PublishedImage[]>;
  /** Writes them at the addresses that people keep. */
  readonly name: (brought: readonly PublishedImage[]) => Promise<void>;
}

/** The images that a publish stage is offered, fetched and compared with the record. */
export async function imagesOf(desk: Desk): Promise<Images> {
  const { manifest, dir, images: store } = desk;
  const offers = manifest.images ?? [];
  if (offers.length === 0 || !store)
    return { refusals: [], bring: async () => [], name: async () => undefined };
  const fetched = await inParallel(offers, async (offer, index) => {
    const local = join(dir, `image-${index}`);
    const { size, sha256 } = await download(offer.url, { file: local, limit: offer.size });
    return { offer, local, isRight: size === offer.size && sha256 === offer.sha256 };
  });
  const wrong = fetched.filter(({ isRight }) => !isRight);
  return {
    refusals: wrong.map(({ offer }) => `${offer.name} of ${offer.job} is not the file in the record.`),
    bring: () => inParallel(fetched, ({ offer, local }) => bring(desk, store, { offer, local })),
    async name(brought) {
      for (const { path, newest, sha256 } of brought) {
        if (newest === undefined) continue;
        await store.copy(path, newest);
        await sign(desk, { path: newest, sha256 }, (key, text) => desk.mirror.put(key, Buffer.from(text)));
      }
    },
  };
}

/** Where the images of a publication lie: under a release's number, or the time of the run. */
const imageFolder = ({ release, at }: Pick<Manifest, "release" | "at">): string =>
  `images/${release?.number ?? at.replaceAll(/[-:]|\.\d+/g, "")}`;

async function bring(
  desk: Desk,
  store: ImageStore,
  { offer, local }: { readonly offer: Offer; readonly local: string },
): Promise<PublishedImage> {
  const { job, arch, name, sha256, size } = offer;
  const path = `${imageFolder(desk.manifest)}/${name}`;
  const published = { job, arch, path, sha256, size };
  if (TELLS.test(name)) {
    await keep(desk.mirror, path, { file: local, size, sha256 });
    return published;
  }
  const sums = await desk.mirror.get(`${path}.sha256`);
  const there = sums && Buffer.from(sums.value).toString().slice(0, sha256.length);
  if (there !== undefined && there !== sha256)
    throw new Error(`${path} is on the mirror with other content.`);
  // The digest is written last: where it is, so is the image.
  if (there === undefined) await store.put(path, local);
  await sign(desk, published, (key, text) => keep(desk.mirror, key, Buffer.from(text)));
  const newest = newestOf(name, arch);
  return { ...published, ...(newest !== undefined && { newest }) };
}

/** What kiwi leaves beside an image: its packages, how they verify, what changed. */
const TELLS = /\.(?:packages|verified|changes(?:\.xz)?)$/;

/** `<image>.<arch>-<version>.<ending>` without its version. */
function newestOf(name: string, arch: string): string | undefined {
  const [, before, ending] = /^(.+)-\d+\.\d+\.\d+(\..+)$/.exec(name) ?? [];
  return before?.endsWith(`.${arch}`) ? `images/latest/${before}${ending}` : undefined;
}

/** Writes an image's digest, in the form of sha256sum, and the signature over that. */
async function sign(
  { key, manifest: { at } }: Desk,
  { path, sha256 }: Pick<PublishedImage, "path" | "sha256">,
  write: (key: string, text: string) => Promise<void>,
): Promise<void> {
  const line = `${sha256}  ${path.slice(path.lastIndexOf("/") + 1)}\n`;
  const signature = armored(await key.detach(Buffer.from(line), new Date(at)));
  await write(`${path}.sha256.asc`, signature);
  await write(`${path}.sha256`, line);
}
