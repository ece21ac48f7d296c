import { CONTENTS } from "../../pipelines/release/papers.ts";
import { isPackageList } from "../../pipelines/kiwi/image-packages.ts";
import { packageChanges, packagesIn } from "../../pipelines/package-changes.ts";
import { newerList, type PackageList, packagesKey } from "../../pipelines/package-list.ts";
import type { Job, Run } from "../../pipelines/run.ts";
import type { Signal } from "../../pipelines/signal.ts";
import { attemptId, type AttemptRef, type File } from "../../pipelines/stage.ts";
import type { Blobs, Records } from "../../ports.ts";
import { changeRecord } from "../change-record.ts";

export interface ListPorts {
  readonly blobs: Pick<Blobs, "get">;
  readonly lists: Pick<Records<PackageList>, "read">;
}

/** Says of an image or a tree that passed which packages it has otherwise than the one built before. */
export async function holdPackages(ports: ListPorts, run: Run, signal: Signal): Promise<Signal> {
  if (signal.kind !== "passed") return signal;
  const job = made(run, signal.stage);
  const last = job && (await ports.lists.read(packagesKey(run.repo.id, job)))?.value;
  const attempt = attemptId({ run: run.id, stage: signal.stage, attempt: signal.attempt });
  if (!last || last.attempt === attempt) return signal;
  const packages = await packagesOf(ports, signal);
  return packages ? { ...signal, packages: packageChanges(last, packages) } : signal;
}

/** The packages of what is on its way to a channel, for those who come after it. */
export async function rememberPackages(
  ports: Pick<ListPorts, "blobs"> & { readonly lists: Records<PackageList> },
  run: Run,
  ref: AttemptRef,
): Promise<void> {
  const job = made(run, ref.stage);
  const stage = run.stages.find(({ name }) => name === ref.stage);
  const { channel, trigger, zone } = run;
  if (!job || channel === undefined || trigger.kind === "pull" || zone !== "trusted") return;
  if (stage?.state !== "passed" || stage.endedAt === undefined || stage.prefix === undefined) return;
  const packages = await packagesOf(ports, { prefix: stage.prefix, files: stage.files ?? [] });
  if (!packages) return;
  const list = { v: 1, attempt: attemptId(ref), at: stage.endedAt, packages } as const;
  await changeRecord(ports.lists, packagesKey(run.repo.id, job), (was) => newerList(was, list));
}

/** The image or tree that a stage builds. */
const made = (run: Run, stage: string): Job | undefined =>
  run.jobs.find(({ build, recipe }) => build === stage && recipe.kind !== "rpm");

/** A build may leave what it likes: nothing is read whole that is too large. */
const LIST_MAX = 4 * 1024 * 1024;

async function packagesOf(
  { blobs }: Pick<ListPorts, "blobs">,
  { prefix, files }: { readonly prefix: string; readonly files: readonly File[] },
): Promise<PackageList["packages"] | undefined> {
  const file = files.find(({ name }) => isPackageList(name)) ?? files.find(({ name }) => name === CONTENTS);
  if (!file || file.size > LIST_MAX) return undefined;
  const there = await blobs.get(prefix + file.name);
  return there && packagesIn(file.name, new TextDecoder().decode(there.value));
}
