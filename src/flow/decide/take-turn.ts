import type { RepoRef } from "../../bot/events.ts";
import { type Release, releaseKey, runIdOf, type Turn, turnKey } from "../../pipelines/release/release.ts";
import { runKey } from "../../pipelines/run.ts";
import { birth } from "../birth.ts";
import type { DecidePorts } from "./ports.ts";
import { layRelease } from "./lay-release.ts";
import { allStages, reopen, retries } from "./retry.ts";
import { type NumberPorts, takeNumber } from "./take-number.ts";

/** What is to come to a channel, what came already, or why nothing may. */
export type Judged<No> =
  | { readonly wanted: Turn }
  | { readonly release: Release }
  | { readonly refusals: readonly No[] };

/**
 * Promotions and rollbacks come to a channel one by one. `judge` is asked while it is known who had the last turn; what
 * it lets pass counts only if nobody has taken a turn meanwhile, or it is asked again. Taking the turn decides: whoever
 * comes next brings on its way what was cut off behind it.
 */
export async function takeTurn<No>(
  ports: DecidePorts & NumberPorts,
  { repo, channel }: { readonly repo: RepoRef; readonly channel: string },
  judge: (last: Release | undefined) => Promise<Judged<No>>,
): Promise<Exclude<Judged<No>, { readonly wanted: Turn }>> {
  const key = turnKey(repo.id, channel);
  for (;;) {
    const turn = await ports.turns.read(key);
    const judged = await judge(turn && (await brought(ports, repo, turn.value)));
    if (!("wanted" in judged)) return judged;
    const { wanted } = judged;
    const isTaken = turn
      ? await ports.turns.replace(key, wanted, turn.version)
      : await ports.turns.create(key, wanted);
    if (isTaken) return { release: await brought(ports, repo, wanted) };
  }
}

/** A turn with all that follows from it: its number, its release, its run. */
async function brought(ports: DecidePorts & NumberPorts, repo: RepoRef, turn: Turn): Promise<Release> {
  const release = await numbered(ports, turn);
  const id = runIdOf(release);
  const known = (await ports.runs.read(runKey(id)))?.value;
  const run = known ?? (await layRelease(ports, repo, release));
  if (run && !known) await birth(ports, run);
  // Tried again once: its `rev` is another one then.
  if (known && known.rev === turn.again)
    await reopen(ports, id, retries(known, allStages(known), ports.clock()));
  return release;
}

async function numbered(ports: NumberPorts, { number, above, again: _, ...wanted }: Turn): Promise<Release> {
  if (number === undefined) return takeNumber(ports, wanted, above);
  const key = releaseKey(wanted.repo.id, wanted.channel, number);
  await ports.releases.create(key, { ...wanted, number });
  // Read back: what is there counts.
  return (await ports.releases.read(key))?.value ?? { ...wanted, number };
}
