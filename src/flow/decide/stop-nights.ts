import { because } from "../../bot/words/because.ts";
import { type Release, runIdOf } from "../../pipelines/release/release.ts";
import type { DecidePorts } from "./ports.ts";
import { moveRun } from "../move-run.ts";
import { type NumberPorts, releasesOf } from "./take-number.ts";

type Ports = DecidePorts & NumberPorts;

// Nights take no turns, so one may begin just when its channel goes back, and would be published over it. Each looks for
// the other after it is there itself, so that one of them sees both: a night that has the lower number gives way.

/** The channel goes back: nights that have begun since that was asked for are stopped. */
export async function stopNights(ports: Ports, { repo, channel, number }: Release): Promise<void> {
  let looked = 0;
  for await (const release of releasesOf(ports, repo.id, channel)) {
    if (release.from === undefined && release.of === undefined && release.number < number)
      await stop(ports, release);
    if ((looked += 1) > LOOKED) return;
  }
}

/** A night has begun: it is stopped if its channel goes back. */
export async function stopIfBack(ports: Ports, night: Release): Promise<void> {
  for await (const release of releasesOf(ports, night.repo.id, night.channel)) {
    if (release.number <= night.number) return;
    if (release.of !== undefined) return stop(ports, night);
  }
}

/** So many nights can begin at once. */
const LOOKED = 5;

const stop = async (ports: Ports, release: Release): Promise<void> => {
  await moveRun(ports)(runIdOf(release), [
    { kind: "cancelled", at: ports.clock(), because: because.wentBack },
  ]);
};
