import { because } from "../../bot/words/because.ts";
import type { Newest } from "../../pipelines/newest.ts";
import type { DecidePorts } from "./ports.ts";
import { moveRun } from "../move-run.ts";

/** The newest commit takes the place of the one before, whose run is given up; false where it had that place already. */
export async function succeed(ports: DecidePorts, key: string, wanted: Newest): Promise<boolean> {
  for (;;) {
    const before = await ports.newest.read(key);
    const now: Newest = { ...wanted, since: sinceOf(before?.value, wanted) ?? ports.clock() };
    const old = before?.value.run;
    // Given up before it is forgotten, so that a crash in between cannot leave it running.
    if (old && old !== now.run) {
      const isNewer = before.value.sha !== now.sha;
      const why = isNewer ? because.superseded(now.sha) : because.withdrawn;
      await moveRun(ports)(old, [{ kind: "cancelled", at: ports.clock(), because: why, by: now.sha }]);
    }
    if (before && isSame(before.value, now)) return false;
    const isWritten = before
      ? await ports.newest.replace(key, now, before.version)
      : await ports.newest.create(key, now);
    if (isWritten) return true;
  }
}

const sinceOf = (before: Newest | undefined, { sha }: Newest): string | undefined =>
  before?.sha === sha ? before.since : undefined;

const isSame = (a: Newest, b: Newest): boolean =>
  a.sha === b.sha && a.run === b.run && a.refused === b.refused && a.risks === b.risks && a.since === b.since;
