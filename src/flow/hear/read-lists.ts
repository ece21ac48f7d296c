import { isListOf } from "../../pipelines/graph/lists.ts";
import { type Made, namesOf, outputOf } from "../../pipelines/graph/made.ts";
import { graphsPrefix } from "../../pipelines/graph/record.ts";
import type { Job, Run } from "../../pipelines/run.ts";
import { attemptId, type File } from "../../pipelines/stage.ts";
import type { Blobs, Digest } from "../../ports.ts";
import { inTurns } from "../in-turns.ts";

export interface ListPorts {
  readonly digest: Digest;
  readonly blobs: Pick<Blobs, "get">;
}

/** A job that passed, and the files that tell of its packages. */
export interface Listed {
  readonly job: Job;
  readonly from: string;
  /** When its build began, ISO 8601. */
  readonly began: string;
  readonly prefix: string;
  readonly lists: readonly File[];
}

/** What these jobs of a run left, by where their graphs are. */
export function listedBy(run: Run, jobs: readonly Job[], channel: string): ReadonlyMap<string, Listed[]> {
  const stages = new Map(run.stages.map((stage) => [stage.name, stage]));
  const listed = jobs.flatMap((job): readonly Listed[] => {
    const stage = stages.get(job.build);
    if (stage?.state !== "passed" || stage.prefix === undefined) return [];
    const lists = (stage.files ?? []).filter(({ name }) => isListOf(job.recipe.kind, name));
    const own = attemptId({ run: run.id, stage: stage.name, attempt: stage.attempt });
    const from = stage.facts?.["taken from"] ?? own;
    return [{ job, from, began: stage.startedAt ?? run.at, prefix: stage.prefix, lists }];
  });
  return Map.groupBy(listed, ({ job }) => graphsPrefix(job, { repo: run.repo.id, channel }));
}

/** A digest of all that is listed, which says whether it need be read. */
export const listDigest = ({ digest }: ListPorts, of: readonly Listed[]): string =>
  digest(
    of
      .flatMap(({ lists }) => lists.map(({ sha256 }) => sha256))
      .toSorted()
      .join(" "),
  );

/** A build may leave what it likes: nothing is read whole that is too large. */
const LIST_MAX = 16 * 1024 * 1024;

/** What the jobs of one recipe made, as their lists tell. */
export async function readLists(
  { blobs, digest }: ListPorts,
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
