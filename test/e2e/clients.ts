import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { dnfInstall, type Install, type Said, zypperInstall } from "../../src/local/clients.ts";
import type { BuildRoot } from "../../src/local/distribution/build-root.ts";

const run = promisify(execFile);
const INSTALL = { dnf: dnfInstall, zypper: zypperInstall };
export type Client = keyof typeof INSTALL;

export interface Result extends Said {
  /** Which of greet's program and of its header are in the root. */
  readonly installed: readonly string[];
  /** What the program says of itself there. */
  readonly version: string | undefined;
}

/** Installs greet and greet-devel into a root that nobody has used before, and runs greet there. */
export async function installGreet(
  client: Client,
  from: Pick<Install, "repoFile" | "baseurl" | "keyFile">,
  { repository, key }: BuildRoot,
): Promise<Result> {
  const dir = await mkdtemp(join(tmpdir(), "millwright-client-"));
  try {
    const root = join(dir, "root");
    const packages = ["greet", "greet-devel"];
    const said = await INSTALL[client]({ ...from, root, packages, base: { repository, key } });
    const installed = await found(root);
    const isThere = installed.includes("greet");
    const version = isThere ? (await run("chroot", [root, "/usr/bin/greet", "--version"])).stdout : undefined;
    return { ...said, installed, version };
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function found(root: string): Promise<readonly string[]> {
  const places = ["usr/bin", "usr/include"].map((place) => readdir(join(root, place)).catch(() => []));
  return (await Promise.all(places)).flat().filter((name) => name === "greet" || name === "greet.h");
}
