import {
  COUNT_MAX,
  numberIn,
  numberOf,
  type Release,
  releaseKey,
  releasesPrefix,
  type Turn,
} from "../../pipelines/release/release.ts";
import type { Blobs, Records } from "../../ports.ts";

export interface NumberPorts {
  readonly releases: Pick<Records<Release>, "read" | "create">;
  readonly turns: Records<Turn>;
  /** Where the keys of the releases are listed. */
  readonly numbers: Pick<Blobs, "list">;
}

type Unnumbered = Omit<Release, "number">;

/**
 * Takes the next number of the day by create-if-absent: whoever races for it gets another one, and who asks again for
 * the same thing gets the one that was taken for it. The number is kept free in the channels `above` first, the topmost
 * before all, so that nothing can come down from there under it.
 */
export async function takeNumber(
  ports: NumberPorts,
  wanted: Unnumbered,
  above: readonly string[] = [],
): Promise<Release> {
  const { channel, repo } = wanted;
  const all = [...above.map((one) => ({ ...wanted, channel: one, keptFor: channel })), wanted];
  for (let count = 1; count <= COUNT_MAX; count += 1) {
    const number = numberOf(wanted.at, count);
    const taken = await takeAll(ports, all, number);
    if (taken) return taken;
  }
  throw new Error(`${channel} of ${repo.owner}/${repo.name} had ${COUNT_MAX} releases today`);
}

/** The last of them under this number; undefined where it is not free in one of their channels. */
async function takeAll(
  { releases }: NumberPorts,
  all: readonly Unnumbered[],
  number: string,
): Promise<Release | undefined> {
  let last: Release | undefined;
  for (const wanted of all) {
    const key = releaseKey(wanted.repo.id, wanted.channel, number);
    const there = (await releases.read(key))?.value;
    if (!there) await releases.create(key, { ...wanted, number });
    // Somebody may have been faster: what they took it for may be just this.
    last = there ?? (await releases.read(key))?.value;
    if (last?.asked !== wanted.asked) return undefined;
  }
  return last;
}

/** The releases of a channel, the newest first, as far as somebody reads on; numbers that are only kept are none. */
export async function* releasesOf(
  { releases, numbers }: NumberPorts,
  repo: number,
  channel: string,
): AsyncGenerator<Release> {
  const listed = await numbers.list(releasesPrefix(repo, channel));
  for (const { key } of listed.toReversed()) {
    const release = (await releases.read(releaseKey(repo, channel, numberIn(key))))?.value;
    if (release && release.keptFor === undefined) yield release;
  }
}
