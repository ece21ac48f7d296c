import type { RepoRef } from "../../bot/events.ts";
import { hasEnded } from "../../pipelines/next.ts";
import { isNumber, isPublished, type Release, runIdOf, type Turn } from "../../pipelines/release/release.ts";
import { type RefusalBack, rollbackGate } from "../../pipelines/release/rollback-gate.ts";
import { runKey } from "../../pipelines/run.ts";
import type { PromotionPorts } from "./promotion.ts";
import { factsOf } from "./lay.ts";
import { releaseAt } from "./lay-release.ts";
import { releasesBefore } from "./releases-before.ts";
import { stopNights } from "./stop-nights.ts";
import { type Judged, takeTurn } from "./take-turn.ts";

/** A committer wants `channel` to show again what its release `number` brought. */
export interface Rollback {
  readonly repo: RepoRef;
  readonly channel: string;
  readonly number: string;
  /** The login of the committer. */
  readonly by: string;
  readonly isNumbered: boolean;
  /** The channels that it is promoted from, the topmost first. */
  readonly above: readonly string[];
}

export type GoingBack = { readonly release: Release } | { readonly refusals: readonly RefusalBack[] };

/**
 * What an old release of a channel published comes again as its newest, under the next number of the day: once from what
 * the channel shows now, however often it is asked.
 */
export async function rollBack(ports: PromotionPorts, asked: Rollback): Promise<GoingBack> {
  const taken = await takeTurn(ports, asked, async (last) => judge(ports, asked, last));
  if ("release" in taken) await stopNights(ports, taken.release);
  return taken;
}

async function judge(
  ports: PromotionPorts,
  asked: Rollback,
  last: Release | undefined,
): Promise<Judged<RefusalBack>> {
  const { repo, channel, isNumbered, above, by } = asked;
  const [found, before] = await Promise.all([
    rootOf(ports, asked),
    isNumbered ? releasesBefore(ports, repo, channel) : [],
  ]);
  const now = before.find(({ state }) => state === "published")?.number ?? "";
  const of = found.release?.number ?? asked.number;
  const wish = `rollback of ${channel} from ${now} to ${of}`;
  if (last?.asked === wish) return onceMore(ports, last);
  const refusals = rollbackGate({ isNumbered, ...found, before });
  if (refusals.length > 0 || !found.release) return { refusals };
  const { branch, inputs } = found.release;
  const wanted: Turn = {
    v: 1,
    above,
    channel,
    of,
    repo: factsOf(repo),
    asked: wish,
    at: ports.clock(),
    branch,
    inputs,
    by,
  };
  return { wanted };
}

/** What was let pass before comes as it is; if it failed, whoever asks again has it tried again. */
async function onceMore({ runs }: PromotionPorts, release: Release): Promise<Judged<RefusalBack>> {
  const run = (await runs.read(runKey(runIdOf(release))))?.value;
  const isLost = run && hasEnded(run) && !isPublished(run);
  return isLost ? { wanted: { ...release, again: run.rev } } : { release };
}

/** The release, or the one that it brought back itself. */
async function rootOf(ports: PromotionPorts, { repo, channel, number }: Rollback) {
  if (!isNumber(number)) return {};
  const found = await releaseAt(ports, repo, { channel, number });
  const of = found.release?.of;
  return of === undefined ? found : releaseAt(ports, repo, { channel, number: of });
}
