import { type Look, looked, WATCHED, type Watched } from "../../pipelines/release/canary.ts";
import { addressesOf } from "../../pipelines/release/published.ts";
import { type Publisher, PUBLISHERS } from "../../pipelines/order/publisher.ts";
import { type Run, runKey } from "../../pipelines/run.ts";
import { attemptOf } from "../../pipelines/stage.ts";
import type { Blobs, Clock, Log, Records } from "../../ports.ts";
import { changeRecord } from "../change-record.ts";

export interface WatchMirrorPorts {
  readonly state: Pick<Blobs, "list">;
  readonly publishers: Pick<Records<Publisher>, "read">;
  readonly runs: Pick<Records<Run>, "read">;
  readonly watched: Records<Watched>;
  /** Looks at the mirror as a stranger does, by the address of a `.repo` file, or of a channel of images alone. */
  readonly look: (address: string) => Promise<Omit<Look, "at">>;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * schedule -> does a stranger find every repository of the mirror whole, signed and not older than it was? Fails if not,
 * for that is what the alarm hears. What was published once is looked at for ever, also when nobody speaks of it any more.
 */
export function watchMirror(ports: WatchMirrorPorts) {
  return async (): Promise<void> => {
    const before = (await ports.watched.read(WATCHED))?.value;
    const addresses = new Set([...Object.keys(before?.repositories ?? {}), ...(await published(ports))]);
    const now: Record<string, Look> = {};
    for (const address of addresses) {
      now[address] = { at: ports.clock(), ...(await ports.look(address).catch(notSeen)) };
      ports.log("looked", { address, ...now[address] });
    }
    await changeRecord(ports.watched, WATCHED, (was) => looked(was, now));
    const bad = Object.entries(now).filter(([, { verdict }]) => verdict !== "good");
    if (bad.length > 0)
      throw new Error(bad.flatMap(([address, { findings }]) => [address, ...findings]).join("\n"));
  };
}

/** One that cannot be looked at does not hide the others. */
const notSeen = (error: unknown): Omit<Look, "at"> => ({ verdict: "unseen", findings: [String(error)] });

/** The repositories that the newest publications tell of, but for those of pull requests, which come and go. */
async function published({ state, publishers, runs }: WatchMirrorPorts): Promise<readonly string[]> {
  const all: string[] = [];
  for (const { key } of await state.list(PUBLISHERS))
    for (const attempt of (await publishers.read(key))?.value.attempts ?? []) {
      const run = (await runs.read(runKey(attemptOf(attempt)?.run ?? "")))?.value;
      if (run && run.trigger.kind !== "pull") all.push(...addressesOf(run));
    }
  return all;
}
