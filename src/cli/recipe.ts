import { execFile } from "node:child_process";
import { readdir } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { promisify } from "node:util";
import { missingBuildRequires } from "../local/distribution/rpm-names.ts";
import type { Own } from "./merge-chapter.ts";

const run = promisify(execFile);

/** A directory with a spec and its sources, as somebody has it on their disk. */
export interface LocalRecipe {
  readonly own: Own;
  /** Debian packages that its BuildRequires ask for. */
  readonly packages: readonly string[];
}

/** Reads a recipe's needs and names. BuildRequires that no root here can satisfy are refused by name. */
export async function localRecipe(given: string): Promise<LocalRecipe> {
  const dir = resolve(given);
  const specs = (await readdir(dir)).filter((name) => name.endsWith(".spec"));
  const [spec] = specs;
  if (spec === undefined || specs.length > 1)
    throw new Error(`${dir} has ${specs.length} specs; one is needed`);
  const lines = await rpmspec(dir, ["-q", "--buildrequires", join("/recipe", spec)]);
  const { debian, refused } = missingBuildRequires(lines.filter((line) => !line.startsWith("rpmlib(")));
  if (refused.length > 0)
    throw new Error(
      `BuildRequires that this machine's roots cannot satisfy: ${refused.join(", ")} (${join(dir, spec)})`,
    );
  const packages = await rpmspec(dir, ["-q", "--builtrpms", "--qf", "%{name}\\n", join("/recipe", spec)]);
  const title = `${basename(spec, ".spec")}: first package`;
  return { own: { change: { branch: "first", title, directory: dir }, packages }, packages: debian };
}

/** Reading a spec runs what it says, so it is read where there is nothing: no network, no files but its own. */
async function rpmspec(dir: string, args: readonly string[]): Promise<readonly string[]> {
  const usr = ["bin", "lib", "lib64", "sbin"].flatMap((name) => ["--symlink", `usr/${name}`, `/${name}`]);
  const box = ["--unshare-all", "--die-with-parent", "--new-session", "--clearenv", "--cap-drop", "ALL"];
  const files = [
    "--ro-bind",
    "/usr",
    "/usr",
    "--ro-bind-try",
    "/etc/rpm",
    "/etc/rpm",
    "--ro-bind",
    dir,
    "/recipe",
  ];
  const rest = [
    "--tmpfs",
    "/tmp",
    "--proc",
    "/proc",
    "--dev",
    "/dev",
    "--setenv",
    "PATH",
    "/usr/bin:/bin",
    "--setenv",
    "HOME",
    "/tmp",
  ];
  const { stdout } = await run("bwrap", [...box, ...files, ...usr, ...rest, "rpmspec", ...args], {
    timeout: 30_000,
  });
  return stdout
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}
