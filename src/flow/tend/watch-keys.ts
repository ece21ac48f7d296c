import { KEY_ENDS } from "../../pipelines/alarming.ts";
import type { Deployment } from "../../pipelines/deployment.ts";
import { expiring } from "../../pipelines/release/key-calendar.ts";
import type { Clock, Log } from "../../ports.ts";

interface WatchPorts {
  readonly deployment: Deployment;
  readonly clock: Clock;
  readonly log: Log;
}

/** Speaks of every key that signs, ends within 180 days and is not followed by another one. */
export async function watchKeys({ deployment, clock, log }: WatchPorts): Promise<void> {
  const { key, pullKey, attestationKey } = deployment;
  for (const [which, plan] of Object.entries({ key, pullKey, attestationKey })) {
    const expires = plan && expiring(plan, clock());
    if (expires !== undefined)
      log(KEY_ENDS, { key: which, expires, owner: plan?.owner, purpose: plan?.purpose });
  }
}
