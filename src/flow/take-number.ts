import {
  COUNT_MAX,
  numberIn,
  numberOf,
  type Release,
  releaseKey,
  releasesPrefix,
} from "../pipelines/release.ts";
import type { Blobs, Records } from "../ports.ts";

export interface NumberPorts {
  readonly releases: Pick<Records<Release>, "read" | "create">;
  /** Where the keys of the releases are listed. */
  readonly numbers: Pick<Blobs, "list">;
}

/**
 * Takes the next number of the day by create-if-absent: whoever races for it gets another one, and who asks again for
 * the same thing gets the one that was taken for it.
 */
export async function takeNumber(
  { releases }: NumberPorts,
  wanted: Omit<Release, "number">,
): Promise<Release> {
  for (let count = 1; count <= COUNT_MAX; count += 1) {
    const release: Release = { ...wanted, number: numberOf(wanted.at, count) };
    const key = releaseKey(wanted.repo.id, wanted.channel, release.number);
    const there = (await releases.read(key))?.value;
    if (there?.asked === wanted.asked) return there;
    if (!there && (await releases.create(key, release))) return release;
    // Somebody was faster: what they took it for may be just this.
    const taken = (await releases.read(key))?.value;
    if (taken?.asked === wanted.asked) return taken;
  }
  throw new Error(
    `${wanted.channel} of ${wanted.repo.owner}/${wanted.repo.name} had ${COUNT_MAX} releases today`,
  );
}

/** The releases of a channel, the newest first, as far as somebody reads on. */
export async function* releasesOf(
  { releases, numbers }: NumberPorts,
  repo: number,
  channel: string,
): AsyncGenerator<Release> {
  const listed = await numbers.list(releasesPrefix(repo, channel));
  for (const { key } of listed.toReversed()) {
    const release = (await releases.read(releaseKey(repo, channel, numberIn(key))))?.value;
    if (release) yield release;
  }
}
