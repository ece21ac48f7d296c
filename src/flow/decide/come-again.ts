import type { RepoRef } from "../../bot/events.ts";
import { hasEnded } from "../../pipelines/next.ts";
import { alone, newer, type Refusal } from "../../pipelines/release/promotion-gate.ts";
import { isPublished } from "../../pipelines/release/release.ts";
import type { Run, Trigger } from "../../pipelines/run.ts";
import type { PromotionPorts } from "./promotion.ts";
import { releaseAt } from "./lay-release.ts";
import { releasesBefore } from "./releases-before.ts";
import { takeTurn } from "./take-turn.ts";

/** A promotion or a rollback. */
export interface Turned extends Run {
  readonly trigger: Extract<Trigger, { kind: "promotion" | "rollback" }>;
}

/** Did it end without coming to its channel? What is under way has its turn, and what was published had it. */
export const isTurned = (run: Run): run is Turned =>
  (run.trigger.kind === "promotion" || run.trigger.kind === "rollback") && hasEnded(run) && !isPublished(run);

/** It is tried again, unless something newer came to the channel, or is on its way. */
export const comeAgain = async (ports: PromotionPorts, repo: RepoRef, { trigger, rev }: Turned) =>
  takeTurn<Refusal>(ports, { repo, channel: trigger.channel }, async () => {
    const { channel, number } = trigger;
    const [{ release }, before] = await Promise.all([
      releaseAt(ports, repo, trigger),
      releasesBefore(ports, repo, channel),
    ]);
    if (!release) return { refusals: [{ rule: "known" }] };
    const asked = { channel, from: channel, number, at: ports.clock(), before };
    const refusals = [newer, alone].flatMap((rule) => rule(asked) ?? []);
    return refusals.length > 0 ? { refusals } : { wanted: { ...release, again: rev } };
  });
