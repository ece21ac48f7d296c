import type { ReleasedImage } from "../pipelines/release/release-document.ts";
import { readReleases } from "./announce/announce.ts";
import type { ImageStore } from "./image-store.ts";
import { inParallel } from "./in-parallel.ts";
import type { Desk } from "./judge.ts";
import { digestLine, signDigest } from "./sign-digest.ts";

/** The addresses below `images/latest/` that people keep. */
export interface LastingNames {
  /** Makes them say what these images are. */
  readonly give: (images: readonly ReleasedImage[]) => Promise<void>;
  /** Makes them say what the newest release has, be that older images brought back. */
  readonly follow: () => Promise<void>;
}

/** Names follow the list of releases as the feed does: whoever writes them last looks whether the list still says so. */
export function lastingNames(desk: Desk, store: ImageStore): LastingNames {
  const give: LastingNames["give"] = async (images) => {
    await inParallel(images, (image) => giveName(desk, store, image));
  };
  const newest = async () => (await readReleases(desk))?.releases[0];
  return {
    give,
    async follow() {
      for (let one = await newest(), given: string | undefined; one && one.release !== given;) {
        await give(one.images ?? []);
        given = one.release;
        one = await newest();
      }
    },
  };
}

/** The image, then its signature, then its digest. Between the first and the last a reader finds that they do not fit, and
 *  reads again; who wants no such moment takes the address under the number. */
async function giveName(
  desk: Desk,
  store: ImageStore,
  { location, newest, sha256, size }: ReleasedImage,
): Promise<void> {
  if (newest === undefined) return;
  const { mirror, manifest } = desk;
  const keyOf = (address: string): string => address.slice(manifest.mirror.url.length + 1);
  const path = keyOf(newest);
  const isThere = (await store.digest(path)) === sha256;
  const told = isThere ? await mirror.get(`${path}.sha256`) : undefined;
  if (told && Buffer.from(told.value).toString() === digestLine(path, sha256)) return;
  if (!isThere) await store.copy({ from: { key: keyOf(location) }, to: path, size, sha256, write: "always" });
  await signDigest(desk, { path, sha256 }, (key, text) => mirror.put(key, Buffer.from(text)));
}
