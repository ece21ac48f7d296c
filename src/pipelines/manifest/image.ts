import { manifestOf } from "./manifest.ts";
import type { Job, Run } from "../run.ts";
import { attemptId, type File } from "../stage.ts";

/** What stands for `obsrepositories:/`: addresses of a repository and of the key that signs it. */
interface Repository {
  readonly url: string;
  readonly key: string;
}

/** What the build stage of an image is told: lines of a word and a value, as for packages. */
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
  const here = (address: string) => address.replaceAll("{arch}", job.arch);
  return manifestOf([
    ["job", attemptId({ run: run.id, stage: job.build, attempt })],
    ["bundle", bundle.url],
    ["sha256", bundle.file.sha256],
    ["epoch", epoch],
    ["arch", job.arch],
    ...(job.profile === undefined ? [] : [["profile", job.profile]]),
    ["type", job.type ?? ""],
    ...repositories.map(({ url, key }) => ["repository", here(url), here(key)]),
    ["upload", upload.url],
    ...Object.entries(upload.fields).map(([name, value]) => ["field", name, value]),
  ]);
}
