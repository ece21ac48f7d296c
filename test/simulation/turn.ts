import type { Chance } from "./chance.ts";
import type { Fate } from "./fate.ts";
import { REPO, type World } from "./world.ts";

/** What people do meanwhile: push to the pull request, close it, merge to the branch that is published. */
export function people({ truth, queues }: World, luck: Chance, probability: number): void {
  if (!luck.happens(probability)) return;
  const what = luck.below(4);
  if (what === 0) truth.pull = { ...truth.pull, sha: `sha-${1 + luck.below(2)}` };
  if (what === 1) truth.pull = { ...truth.pull, isOpen: luck.happens(0.5) };
  if (what === 2) truth.main = `main-${1 + luck.below(2)}`;
  // Some webhooks are lost.
  if (luck.happens(0.3)) return;
  if (what === 2) queues.events.drop({ v: 1, event: { kind: "branch-pushed", repo: REPO, branch: "main" } });
  else queues.events.drop({ v: 1, event: { kind: "pull-changed", repo: REPO, number: 1 } });
}

/** A schedule that sweeps when nothing else is done, until three sweeps in a row have found nothing. */
function sweeper({ steps }: World, fate: Fate, sweeps: boolean) {
  let busy = false;
  let idle = 0;
  return {
    /** `false`: there is nothing left to sweep. */
    begin(): boolean {
      if (busy || !sweeps || idle >= 3) return busy;
      busy = true;
      fate.pass(60);
      void steps
        .sweep()
        .catch(() => {})
        .finally(() => {
          busy = false;
          idle += 1;
        });
      return true;
    },
    wake(): true {
      idle = 0;
      return true;
    },
  };
}

interface Setting {
  readonly fate: Fate;
  readonly luck: Chance;
  readonly sweeps: boolean;
}

/** One turn of the world at a time, in bad times and in good ones. */
export function turns(world: World, { fate, luck, sweeps }: Setting) {
  const { queues, steps, yard } = world;
  const schedule = sweeper(world, fate, sweeps);
  const deliveries = [
    () => queues.events.deliver(steps.events),
    () => queues.stages.deliver(steps.stages),
    () => queues.reports.deliver(steps.reports),
    () => queues.builds.deliver(steps.builds),
  ];
  const end = (isCalm: boolean): boolean => {
    const build = yard.end(isCalm);
    // EventBridge loses an event now and then, also when nothing else is wrong.
    if (build && luck.happens(0.8)) queues.builds.drop({ build: build.build });
    return build !== undefined;
  };
  /** Does something that chance picks, or else whatever there is to do; `false`: there is nothing. */
  async function act(isCalm: boolean): Promise<boolean> {
    const acts = [...deliveries, () => end(isCalm)];
    const chosen = luck.happens(0.4) ? luck.pick(acts) : undefined;
    if (chosen?.()) return schedule.wake();
    return (await fate.resume()) || (acts.some((one) => one()) && schedule.wake());
  }
  const drained = () => new Promise<void>((resolve) => setImmediate(resolve));
  return {
    async bad(): Promise<void> {
      people(world, luck, 0.02);
      if (luck.happens(0.02)) schedule.begin();
      await act(false);
      await drained();
    },
    /** `false`: nothing is to be done, and the sweep finds nothing either. */
    async good(): Promise<boolean> {
      if (luck.happens(0.005)) schedule.begin();
      const did = await act(true);
      await drained();
      return did || schedule.begin();
    },
    wake: () => schedule.wake(),
  };
}
