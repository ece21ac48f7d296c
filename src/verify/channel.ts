import { checkFeeds, isThere, readRelease, readReleases } from "./announced.ts";
import { attestationKeys, checkAttestations } from "./attestations.ts";
import type { Notes } from "./finding.ts";
import { checkImages } from "./images.ts";
import type { Net } from "./net.ts";
import type { Certificate } from "./signed.ts";
import type { Found } from "./target.ts";
import { releaseUrl } from "./told.ts";

/** What is told of a channel, or of one release of it, as it was found. */
export interface Told {
  /** The channel's address. */
  readonly channel: string;
  /** The release that was looked at: the newest, or the one that was asked for. */
  readonly release: string;
  /** How many images it has, and how many were read whole. */
  readonly images: number;
  readonly read: number;
}

interface Question {
  readonly url: string;
  /** One release and no other; absent: the channel with its newest. */
  readonly release: string | undefined;
  readonly certificate: Certificate;
  readonly all: boolean;
  /** The targets that were looked at before. */
  readonly targets: readonly Found[];
}

/** Looks at what a channel tells beside its repositories: releases, images, and where all of it comes from. */
export async function lookAtChannel(net: Net, asked: Question, notes: Notes): Promise<Told | undefined> {
  const { url, certificate, targets } = asked;
  const pem = await notes.guard(() => attestationKeys(net, url, certificate));
  if (pem !== undefined)
    for (const { targetUrl, chosen: packages } of targets)
      await checkAttestations(net, { targetUrl, packages, pem }, notes);
  const number = asked.release ?? (await newestOf(net, asked, notes));
  if (number === undefined || !(await notes.guard(() => isThere(net, releaseUrl(url, number)))))
    return undefined;
  const document = await notes.guard(() => readRelease(net, { url, number }, certificate));
  const images = document?.images ?? [];
  const isNewest = asked.release === undefined;
  const read = await checkImages(net, { ...asked, images, pem, isNewest }, notes);
  return { channel: url, release: number, images: images.length, read };
}

/** The number of a channel's newest release, if it has releases. */
async function newestOf(net: Net, { url, certificate }: Question, notes: Notes): Promise<string | undefined> {
  if (!(await notes.guard(() => isThere(net, `${url}/releases.json`)))) return undefined;
  const all = await notes.guard(() => readReleases(net, url, certificate));
  await notes.guard(() => checkFeeds(net, url, certificate));
  return all?.releases[0]?.release;
}
