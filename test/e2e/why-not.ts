import { spawnSync } from "node:child_process";
import { isProgram, whyNoRoot } from "../local/distribution/cache.ts";

/** Why the whole story cannot be played on this machine, as the beginning of a title; or nothing. */
export const whyNoStory = (): string | undefined =>
  process.platform === "linux"
    ? whyNoRoot("curl", "git", "rpmkeys", "rpmspec", "socat", "zypper")
    : "skipped, because builds run on Linux only: ";

/** Why programs of aarch64 cannot run in builds on this machine, or nothing. */
export function whyNoForeign(): string | undefined {
  if (process.arch !== "x64") return "skipped, because aarch64 is not foreign here: ";
  if (!isProgram("qemu-aarch64-static")) return "skipped, because qemu-user-static is not installed: ";
  const mount = "mount -t binfmt_misc binfmt_misc /proc/sys/fs/binfmt_misc";
  const { status } = spawnSync("unshare", ["--user", "--map-root-user", "--mount", "sh", "-c", mount]);
  return status === 0 ? undefined : "skipped, because this kernel has no binfmt_misc per user namespace: ";
}
