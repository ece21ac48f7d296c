import type { Config } from "../../bot/config/config.ts";
import { rebuildsOf } from "../../bot/config/channels.ts";
import { ledger } from "../../bot/words/ledger.ts";
import { type Chain, chainKey, RUNS_MAX } from "../../pipelines/graph/chain.ts";
import { plan } from "../../pipelines/plan.ts";
import { type Run, runKey } from "../../pipelines/run.ts";
import type { RebuildAsked } from "../../bot/messages.ts";
import type { GitHub } from "../../ports-github.ts";
import type { Digest, Records } from "../../ports.ts";
import { birth } from "../birth.ts";
import { inTurns } from "../in-turns.ts";
import { rulesOfRun } from "../rules-of-run.ts";
import { bindLayers } from "./bind-layers.ts";
import { forecastWork } from "./choose-work.ts";
import type { DecidePorts, Outcome } from "./ports.ts";
import { matters, nextStep } from "./next-step.ts";

export interface RebuildPorts extends DecidePorts {
  readonly github: DecidePorts["github"] & Pick<GitHub, "defaultBranch">;
  readonly chains: Records<Chain>;
  readonly digest: Digest;
}

/**
 * Something was published to a channel, or a step of rebuilds is over: what depends on what became another is built next.
 * Asked again it starts nothing twice: what was asked for stands in the chain, or is found under its number.
 */
export async function decideRebuild(
  ports: RebuildPorts,
  { repo, channel, branch, run: id }: RebuildAsked,
): Promise<Outcome> {
  const config = await rulesOfRun(ports, repo);
  if (!config) return { because: ledger.rulesBroken };
  const reach = reachOf(config, channel, branch);
  const run = (await ports.runs.read(runKey(id)))?.value;
  if (!run || run.repo.id !== repo.id) return { because: ledger.noRun };
  if (!reach) return off(ports, run, channel);
  const head = await ports.github.branch(repo, branch);
  if (!head?.isProtected) return { because: ledger.notProtected(branch) };
  return follow(ports, { config, published: run, channel, branch, reach });
}

type Reach = "direct" | "transitive";

/** What is asked for of a channel that this branch's pushes feed. */
const reachOf = (config: Config, channel: string, branch: string): Reach | undefined =>
  config.channels?.[channel]?.branch === branch ? rebuildsOf(config, channel) : undefined;

/** Nobody asks for it, or no more: what becomes another until somebody does is not followed. */
async function off({ chains, clock }: RebuildPorts, { repo }: Run, channel: string): Promise<Outcome> {
  const key = chainKey(repo.id, channel);
  const known = await chains.read(key);
  if (known) await chains.replace(key, { ...known.value, begun: clock(), runs: [] }, known.version);
  return { because: ledger.noRebuilds(channel) };
}

interface Following {
  readonly config: Config;
  readonly published: Run;
  readonly channel: string;
  readonly branch: string;
  readonly reach: Reach;
}

async function follow(ports: RebuildPorts, of: Following): Promise<Outcome> {
  const key = chainKey(of.published.repo.id, of.channel);
  for (;;) {
    const record = await ports.chains.read(key);
    const chain = withPush(record?.value, of.published);
    const push = chain && (await ports.runs.read(runKey(chain.push.run)))?.value;
    if (!push) return { because: ledger.noRun };
    const { next, now } = await stepAfter(ports, of, { chain, push });
    // The run before the chain: who dies in between finds it under the same number.
    if (next) await birth(ports, next);
    const isWritten = record
      ? await ports.chains.replace(key, now, record.version)
      : await ports.chains.create(key, now);
    if (isWritten)
      return next
        ? { because: ledger.rebuild(String(now.step)), run: next.id }
        : { because: ledger.noneDepends };
  }
}

/** The run of the next step, if there is anything to be built, and the chain with it. */
async function stepAfter(
  ports: RebuildPorts,
  { config, channel, branch, reach }: Following,
  { chain, push }: { readonly chain: Chain; readonly push: Run },
): Promise<{ readonly next: Run | undefined; readonly now: Chain }> {
  const steps = await stepsOf(ports, chain);
  const work = await nextStep(ports, { push, steps, chain, channel });
  const kept = steps.filter((one) => matters(one, push)).map(({ id }) => id);
  if (work.length === 0) return { next: undefined, now: { ...chain, runs: kept } };
  const step = chain.step + 1;
  const trigger = { kind: "rebuild", branch, sha: push.trigger.sha, since: push.at, step, reach } as const;
  // Over what the step before it published.
  const bound = await bindLayers(ports, { repo: push.repo, config, trigger, known: undefined }, work);
  const next = await laid(ports, { push, channel, trigger, work: bound });
  return { next, now: { ...chain, step, runs: [...kept, next.id].slice(-RUNS_MAX) } };
}

/** The chain with the newest push that was published. */
function withPush(chain: Chain | undefined, { id, at, trigger }: Run): Chain | undefined {
  if (trigger.kind !== "push") return chain;
  const push = { run: id, at };
  if (!chain) return { v: 1, begun: at, push, step: 0, runs: [] };
  return chain.push.at < at ? { ...chain, push } : chain;
}

const stepsOf = async ({ runs }: RebuildPorts, chain: Chain): Promise<readonly Run[]> =>
  (await inTurns(chain.runs, (id) => runs.read(runKey(id)))).flatMap((one) => one?.value ?? []);

interface Laying {
  readonly push: Run;
  readonly channel: string;
  readonly trigger: Extract<Run["trigger"], { kind: "rebuild" }>;
  readonly work: Parameters<typeof plan>[0]["work"];
}

async function laid(ports: RebuildPorts, { push, channel, trigger, work }: Laying): Promise<Run> {
  const planned = await forecastWork(ports, push.repo, work);
  return plan({
    repo: push.repo,
    trigger,
    zone: "trusted",
    leave: { rule: "rebuild" },
    left: planned.left,
    channel,
    at: ports.clock(),
    work: planned.work,
  });
}
