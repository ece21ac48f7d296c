import { createHash } from "node:crypto";
import { chmod, mkdtemp, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Log } from "../../ports.ts";
import { accelerate, nativeClosure } from "./accelerate.ts";
import { openDebianIndex } from "./debian-index.ts";
import { isMade } from "./make-root.ts";
import { DEBIAN_ARCH, type RootArch } from "./package-set.ts";
import { RootRecord } from "./root-record.ts";
import { runTool } from "./run-tool.ts";

const HOST: RootArch = process.arch === "arm64" ? "aarch64" : "x86_64";

export interface FastRootPlan {
  readonly arch: RootArch;
  readonly dir: string;
  /** Digest of the root that it is made of. */
  readonly plain: string;
  readonly log: Log;
}

/** Makes what a plain root is with this machine's own tools in it, and gives its digest; files that stay are shared. */
export async function makeFastRoot({ arch, dir, plain, log }: FastRootPlan): Promise<string> {
  const index = await openDebianIndex(DEBIAN_ARCH[HOST], join(dir, "apt", HOST));
  const packages = await nativeClosure(index, arch);
  const digest = createHash("sha256")
    .update([plain, ...packages.map(({ sha256 }) => sha256), ...(await ownCode())].join("\n"))
    .digest("hex");
  if (await isMade(dir, digest)) return digest;
  const home = join(dir, "roots", plain);
  const half = await mkdtemp(join(dir, "roots/half-"));
  const root = join(half, "root");
  await chmod(half, 0o755);
  await runTool(["cp", "-al", join(home, "root"), root]);
  const programs = await accelerate(root, { arch, host: HOST, packages, index });
  log("accelerated a root", { arch, packages: packages.length, programs, digest });
  const record = RootRecord.parse(JSON.parse(await readFile(join(home, "record.json"), "utf8")));
  const kind = `${record.kind}, accelerated with ${programs} programs of ${HOST}`;
  await rm(join(root, "etc/os-release"));
  await writeFile(join(root, "etc/os-release"), `ID=debian-rpm\nPRETTY_NAME="${kind}"\n`);
  await writeFile(join(half, "record.json"), JSON.stringify({ ...record, kind }));
  await symlink(`../${plain}/repository`, join(half, "repository"));
  await rename(half, join(dir, "roots", digest));
  return digest;
}

/** What lays the packages into the root: it is a part of what the root is. */
const ownCode = (): Promise<readonly string[]> =>
  Promise.all(
    ["accelerate.ts", "native-programs.ts"].map((file) => readFile(join(import.meta.dirname, file), "utf8")),
  );
