import { type Form, manifestOf } from "./manifest.ts";
import type { Job, Run } from "../run.ts";
import { attemptId, type File, type Stage } from "../stage.ts";

/** An image's disk that can be booted here, and the list of its packages, with their keys. */
export interface Disk {
  readonly file: File;
  readonly key: string;
  readonly packages?: string;
}

/** kiwi's types that come up by themselves, and those of images that are made of trees. */
const BOOTABLE: ReadonlySet<string> = new Set(["oem", "vmx", "iso", "qcow2"]);

export const isBootable = (type: string | undefined): boolean => type !== undefined && BOOTABLE.has(type);

/** What qemu is given, the best first. Formats that can name other files are left out, but for one that is looked into. */
const ENDS = [".qcow2", ".qcow2.xz", ".raw", ".raw.xz", ".iso"];
const INSTALLER = ".install.iso";

/** The disk that a check's build left, if it left one. */
export function diskOf(run: Run, check: Stage): Disk | undefined {
  const job = run.jobs.find((one) => one.check === check.name);
  const { prefix, files = [] } = run.stages.find(({ name }) => name === job?.build) ?? {};
  const disks = files.filter(({ name }) => !name.endsWith(INSTALLER));
  const [file] = ENDS.flatMap((end) => disks.find(({ name }) => name.endsWith(end)) ?? []);
  if (!file || prefix === undefined) return undefined;
  const packages = files.find(({ name }) => name.endsWith(".packages"));
  return { file, key: prefix + file.name, ...(packages && { packages: prefix + packages.name }) };
}

/** How long one start may take, and how long the machine is given to go down by itself, in seconds. */
const START = 600;
const SHUTDOWN = 30;

/** What the check of an image is told. */
export function bootManifest(
  run: Run,
  job: Job,
  world: {
    readonly stage: Stage;
    readonly disk: Disk;
    /** Where the disk and the list of packages are lent. */
    readonly lent: { readonly disk: string; readonly packages?: string | undefined };
    readonly upload: Form;
  },
): string {
  const { stage, disk, lent, upload } = world;
  return manifestOf([
    ["job", attemptId({ run: run.id, stage: stage.name, attempt: stage.attempt })],
    ["image", lent.disk],
    ["sha256", disk.file.sha256],
    ["name", disk.file.name],
    ...(lent.packages === undefined ? [] : [["packages", lent.packages]]),
    ["arch", job.arch],
    ["seconds", String(START)],
    ["shutdown", String(SHUTDOWN)],
    ["upload", upload.url],
    ...Object.entries(upload.fields).map(([name, value]) => ["field", name, value]),
  ]);
}
