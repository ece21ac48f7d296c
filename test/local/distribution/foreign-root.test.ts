import { spawn } from "node:child_process";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { beforeAll, describe, expect, test } from "vitest";
import { buildRoot, type BuildRoot } from "../../../src/local/distribution/build-root.ts";
import { CACHE, isProgram, whyNoRoot } from "./cache.ts";

const noBinfmt = (): string | undefined =>
  isProgram("qemu-aarch64-static") ? undefined : "skipped, because qemu-user-static is not installed: ";

const skipped = whyNoRoot() ?? noBinfmt();

describe.skipIf(skipped)(`${skipped ?? ""}a root for aarch64, made on another architecture`, () => {
  let root: BuildRoot;

  beforeAll(async () => {
    root = await buildRoot({ arch: "aarch64", dir: CACHE, log: () => undefined });
  }, 600_000);

  test(
    "has its programs and packages run by qemu, where its registration is made",
    { timeout: 60_000 },
    async () => {
      const said = await inForeignRoot(
        root,
        'uname -m; rpm --eval "%_arch %_libdir"; rpm -q --qf "%{ARCH}\\n" libc6',
      );
      expect(said).toBe("aarch64\naarch64 /usr/lib64\naarch64\n");
    },
  );

  test("shares packages that have no architecture with other roots", { timeout: 600_000 }, async () => {
    const native = await buildRoot({ arch: "x86_64", dir: CACHE, log: () => undefined });
    const inodes = [root, native].map(async ({ repository, packages }) => {
      const automake = packages.find((name) => name.startsWith("automake-"));
      return (await stat(join(repository, `${automake}.rpm`))).ino;
    });
    const [foreign, own] = await Promise.all(inodes);
    expect(foreign).toBe(own);
  });
});

/** binfmt_misc is per user namespace: nothing on this machine changes. */
async function inForeignRoot({ path, binfmt }: BuildRoot, script: string): Promise<string> {
  const register = `mount -t binfmt_misc binfmt_misc /proc/sys/fs/binfmt_misc &&
    printf %s "$1" > /proc/sys/fs/binfmt_misc/register && shift && exec "$@"`;
  const namespace = ["--user", "--map-root-user", "--mount", "--fork", "sh", "-c", register, "sh"];
  const walls = [
    "--ro-bind",
    path,
    "/",
    "--proc",
    "/proc",
    "--dev",
    "/dev",
    "--unshare-all",
    "--cap-drop",
    "ALL",
  ];
  const command = ["bwrap", ...walls, "--clearenv", "--setenv", "PATH", "/usr/bin", "bash", "-c", script];
  const child = spawn("unshare", [...namespace, binfmt?.register ?? "", ...command], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  return text(child.stdout);
}
