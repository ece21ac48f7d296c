import { type Made, namesOf, outputOf } from "../../pipelines/graph/made.ts";
import {
  type Graph,
  graphsPrefix,
  type News,
  partOf,
  releasedAt,
  withNews,
} from "../../pipelines/graph/record.ts";
import { isListOf } from "../../pipelines/graph/lists.ts";
import type { Job, Run } from "../../pipelines/run.ts";
import { attemptId, type AttemptRef, type File } from "../../pipelines/stage.ts";
import type { Blobs, Digest } from "../../ports.ts";
import { changeRecord } from "../change-record.ts";
import type { GraphPorts } from "../graphs.ts";
import { inTurns } from "../in-turns.ts";

/** What it takes to keep what was published. */
export interface KeepPorts extends GraphPorts {
  readonly digest: Digest;
  readonly blobs: Pick<Blobs, "get">;
}

/**
 * Keeps what the packages of a branch's channel provide and require, once they are published: what was built and did not
 * come to its channel is nothing that others depend on.
 */
export async function keepGraph(ports: KeepPorts, run: Run, { stage: name }: AttemptRef): Promise<void> {
  const stage = run.stages.find((one) => one.name === name);
  const { channel, trigger } = run;
  const isOfBranch = trigger.kind === "push" || trigger.kind === "nightly" || trigger.kind === "rebuild";
  if (stage?.kind !== "publish" || stage.state !== "passed" || channel === undefined || !isOfBranch) return;
  const needed = new Set(stage.needs.map((need) => need.stage));
  const listed = run.jobs.filter(({ build }) => needed.has(build)).flatMap((job) => listedBy(run, job));
  for (const [prefix, there] of Map.groupBy(listed, ({ job }) =>
    graphsPrefix(job, { repo: run.repo.id, channel }),
  )) {
    const parts = Map.groupBy(there, ({ job }) => prefix + partOf(job.recipe.path));
    // Also where all recipes of a part went away.
    const known = (await ports.graphKeys.list(prefix)).map(({ key }) => key);
    for (const key of new Set([...known, ...parts.keys()]))
      await keepPart(ports, { run, channel }, { key, there, listed: parts.get(key) ?? [] });
  }
}

/** A job that passed, and the files that tell of its packages. */
interface Listed {
  readonly job: Job;
  readonly from: string;
  readonly prefix: string;
  readonly lists: readonly File[];
}

function listedBy(run: Run, job: Job): readonly Listed[] {
  const stage = run.stages.find(({ name }) => name === job.build);
  if (stage?.state !== "passed" || stage.prefix === undefined) return [];
  const lists = (stage.files ?? []).filter(({ name }) => isListOf(job.recipe.kind, name));
  const from =
    stage.facts?.["taken from"] ?? attemptId({ run: run.id, stage: stage.name, attempt: stage.attempt });
  return [{ job, from, prefix: stage.prefix, lists }];
}

interface Part {
  readonly key: string;
  /** All of the target and arch, and of them those that this part has. */
  readonly there: readonly Listed[];
  readonly listed: readonly Listed[];
}

async function keepPart(
  ports: KeepPorts,
  { run, channel }: { readonly run: Run; readonly channel: string },
  { key, there, listed }: Part,
): Promise<void> {
  const { graphs, digest } = ports;
  const known: Graph["recipes"] = (await graphs.read(key))?.value.recipes ?? {};
  const at = releasedAt(run);
  const recipes = [...Map.groupBy(listed, ({ job }) => job.recipe.path)];
  const made = await inTurns(recipes, async ([path, of]) => {
    const list = digest(
      of
        .flatMap(({ lists }) => lists.map(({ sha256 }) => sha256))
        .toSorted()
        .join(" "),
    );
    // What is known already need not be read again, and most is.
    if (known[path]?.list === list || (known[path]?.at ?? "") > at) return [];
    const one = await madeBy(ports, of, { list, at });
    return one ? [[path, one] as const] : [];
  });
  const isGone = goneFrom(run, new Set(there.map(({ job }) => job.recipe.path)));
  const news: News = { made: Object.fromEntries(made.flat()), isGone };
  await changeRecord(graphs, key, (was) => withNews(was, { repo: run.repo, channel }, news));
}

/** A branch as a whole tells which recipes it has no more; what it left for another reason it still has. */
function goneFrom(run: Run, there: ReadonlySet<string>): News["isGone"] {
  if (run.trigger.kind === "rebuild") return () => false;
  const asked = new Set(run.jobs.map(({ recipe }) => recipe.path));
  const left = new Set(run.left.map(({ what }) => what));
  return (path, { name, at }) =>
    at < releasedAt(run) && !there.has(path) && !asked.has(path) && !left.has(name) && !left.has(path);
}

/** A build may leave what it likes: nothing is read whole that is too large. */
const LIST_MAX = 16 * 1024 * 1024;

async function madeBy(
  { blobs, digest }: KeepPorts,
  of: readonly Listed[],
  as: Pick<Made, "list" | "at">,
): Promise<Made | undefined> {
  const [first] = of;
  if (!first || of.some(({ lists }) => lists.some(({ size }) => size > LIST_MAX))) return undefined;
  const files = of.flatMap(({ prefix, lists }) => lists.map(({ name }) => prefix + name));
  const texts = await inTurns(files, async (key) => textOf(await blobs.get(key)));
  const { kind, name } = first.job.recipe;
  const whole = texts.join("\n");
  return { kind, name, from: first.from, ...as, ...namesOf(kind, whole), output: digest(outputOf(whole)) };
}

const textOf = (there: { readonly value: Uint8Array } | undefined): string =>
  there ? new TextDecoder().decode(there.value) : "";
