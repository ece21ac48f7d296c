import type { Repository } from "../kiwi/repository.ts";
import { manifestOf } from "./manifest.ts";
import type { Job, Run } from "../run.ts";
import { attemptId, type File } from "../stage.ts";

/**
 * What the build stage of an image is told: lines of a word and a value, as for packages. `repositories` stand for
 * `obsrepositories:/`, and are of one kind, the image's: `repository` is followed by two addresses, `debian` by
 * these, its distribution (`./` of a flat one) and its components.
 */
export function imageManifest(
  run: Run,
  job: Job,
  world: {
    readonly attempt: number;
    readonly bundle: { readonly url: string; readonly file: File };
    readonly epoch: string;
    readonly repositories: readonly Repository[];
    readonly upload: { readonly url: string; readonly fields: Readonly<Record<string, string>> };
  },
): string {
  const { attempt, bundle, epoch, upload, repositories } = world;
  return manifestOf([
    ["job", attemptId({ run: run.id, stage: job.build, attempt })],
    ["bundle", bundle.url],
    ["sha256", bundle.file.sha256],
    ["epoch", epoch],
    ["arch", job.arch],
    ...(job.profile === undefined ? [] : [["profile", job.profile]]),
    ["type", job.type ?? ""],
    ...repositories.map((one) => lineOf(one, job.arch)),
    ["upload", upload.url],
    ...Object.entries(upload.fields).map(([name, value]) => ["field", name, value]),
  ]);
}

function lineOf(repository: Repository, arch: string): readonly string[] {
  const [url, key] = [repository.url, repository.key].map((address) => address.replaceAll("{arch}", arch));
  if (repository.type !== "apt-deb") return ["repository", url ?? "", key ?? ""];
  const { distribution = "./", components = ["main"] } = repository;
  return ["debian", url ?? "", key ?? "", distribution, ...components];
}
