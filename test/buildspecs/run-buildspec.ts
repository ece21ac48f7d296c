import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { parse } from "yaml";

interface Phase {
  readonly commands: readonly string[];
}

export type Buildspec = { readonly phases: Readonly<Record<string, Phase>> };

export const readBuildspec = async (file = "build-rpm.yml"): Promise<Buildspec> =>
  parse(await readFile(join(import.meta.dirname, "../../buildspecs", file), "utf8")) as Buildspec;

/** Runs a program in a root that it cannot change; `work` is `/build` (`/mnt` in the machine's own), where it starts. */
export async function inRoot(
  { root, work, env = {} }: { root: string; work: string; env?: Readonly<Record<string, string>> },
  command: readonly string[],
): Promise<{ status: number; log: string }> {
  const variables = { PATH: "/usr/bin:/bin:/usr/sbin:/sbin", HOME: "/root", ...env };
  const settings = Object.entries(variables).flatMap((pair) => ["--setenv", ...pair]);
  const at = root === "/" ? "/mnt" : "/build";
  const place = ["--ro-bind", root, "/", ...WALLS, "--bind", work, at, "--chdir", at];
  const shell = ["sh", "-c", 'exec "$@" 2>&1', "sh"];
  const child = spawn("bwrap", [...place, ...settings, ...shell, ...command], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [log, status] = await Promise.all([
    text(child.stdout),
    new Promise<number>((resolve) => child.on("close", (code) => resolve(code ?? -1))),
  ]);
  return { status, log };
}

const WALLS =
  "--proc /proc --dev /dev --tmpfs /tmp --tmpfs /var/tmp --tmpfs /root --unshare-all --share-net --cap-drop ALL --die-with-parent --clearenv".split(
    " ",
  );

/** Runs the phases as CodeBuild does: a failed build still reaches post_build, an earlier failure ends it all. */
export async function runBuildspec(place: {
  root: string;
  work: string;
  manifest: string;
  env?: Readonly<Record<string, string>>;
  buildspec?: string;
}): Promise<{ status: number; log: string }> {
  const { phases } = await readBuildspec(place.buildspec);
  const logs: string[] = [];
  let failed = 0;
  for (const name of ["install", "pre_build", "build", "post_build"]) {
    for (const command of phases[name]?.commands ?? []) {
      const env = {
        ...place.env,
        MILLWRIGHT_MANIFEST: place.manifest,
        CODEBUILD_BUILD_SUCCEEDING: failed ? "0" : "1",
      };
      const { status, log } = await inRoot({ ...place, env }, ["bash", "-c", command]);
      logs.push(log);
      failed ||= status;
    }
    if (failed && name !== "build") break;
  }
  return { status: failed, log: logs.join("") };
}
