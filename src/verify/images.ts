import { createHash } from "node:crypto";
import { inParallel } from "../publish/in-parallel.ts";
import { steadily } from "./announced.ts";
import { checkBundle } from "./attestations.ts";
import { amiss } from "./finding.ts";
import type { Notes } from "./finding.ts";
import { holding, reading, sizeAt } from "./net.ts";
import type { Net } from "./net.ts";
import { signed } from "./signed.ts";
import type { Certificate } from "./signed.ts";
import { digestLine } from "./told.ts";
import type { Image } from "./told.ts";
import { malformed, otherContent, otherDigest } from "./words.ts";

export interface Images {
  readonly images: readonly Image[];
  readonly certificate: Certificate;
  /** The public keys of attestations, if the channel has any. */
  readonly pem: string | undefined;
  /** Reads each of them; else one, and of the others the size is asked for. */
  readonly all: boolean;
  /** Are they what the channel's names that stay lead to? */
  readonly isNewest: boolean;
}

/** Looks at a release's images, and tells how many were read whole. */
export async function checkImages(net: Net, asked: Images, notes: Notes): Promise<number> {
  const chosen = asked.all ? asked.images : drawn(asked.images);
  await inParallel(asked.images, async (image) => {
    await notes.guard(() => checkDigest(net, image, asked));
    await notes.guard(() =>
      chosen.includes(image) ? checkWhole(net, image.location, image) : checkSize(net, image.location, image),
    );
    await notes.guard(() => checkPapers(net, image, asked));
    if (asked.isNewest) await notes.guard(() => checkName(net, image, asked));
  });
  return chosen.length;
}

/** One that is not so large that a look would take long; another one with each release. */
function drawn(images: readonly Image[]): readonly Image[] {
  const lots = images
    .filter(({ size }) => size <= LARGE)
    .map((image) => ({ image, lot: createHash("sha256").update(image.location).digest("hex") }));
  return lots
    .toSorted((a, b) => (a.lot < b.lot ? -1 : 1))
    .slice(0, 1)
    .map(({ image }) => image);
}

const LARGE = 512 * 1024 ** 2;

async function checkDigest(net: Net, image: Image, { certificate }: Images): Promise<void> {
  const { location, checksum, signature, sha256 } = image;
  if (checksum !== `${location}.sha256` || signature !== `${checksum}.asc`)
    throw amiss(malformed(location, "its digest and signature are told to be elsewhere"));
  const line = (await signed(net, checksum, certificate)).toString();
  if (line !== digestLine(location, sha256)) throw amiss(otherDigest(checksum, sha256));
}

async function checkWhole(net: Net, url: string, expected: Image): Promise<void> {
  await reading(net, url, async (body) => {
    for await (const _chunk of holding(url, body, expected));
  });
}

async function checkSize(net: Net, url: string, { size }: Image): Promise<void> {
  const actual = await sizeAt(net, url);
  if (actual !== size) throw amiss(otherContent(url, { size }, { size: actual }));
}

/** What it is made of, and where it comes from. */
async function checkPapers(
  net: Net,
  { sbom, attestation, sha256 }: Image,
  { certificate, pem }: Images,
): Promise<void> {
  if (sbom !== undefined) await signed(net, sbom, certificate);
  if (attestation === undefined) return;
  if (pem === undefined) throw amiss(malformed(attestation, "the channel has no key for it"));
  await checkBundle(net, attestation, { pem, sha256 });
}

/** A name that stays has the digest of what it leads to, under that name. While it moves, that is so a moment later. */
async function checkName(net: Net, image: Image, { certificate, all }: Images): Promise<void> {
  const { newest, sha256 } = image;
  if (newest === undefined) return;
  await steadily(net, async () => {
    const line = (await signed(net, `${newest}.sha256`, certificate)).toString();
    if (line !== digestLine(newest, sha256)) throw amiss(otherDigest(`${newest}.sha256`, sha256));
  });
  await (all ? checkWhole : checkSize)(net, newest, image);
}
