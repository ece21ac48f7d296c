import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { parse } from "yaml";
import { ownRoot } from "../../src/local/codebuild/own-root.ts";

interface Phase {
  readonly commands: readonly string[];
}

export type Buildspec = { readonly phases: Readonly<Record<string, Phase>> };

export const readBuildspec = async (file = "build-rpm.yml"): Promise<Buildspec> =>
  parse(await readFile(join(import.meta.dirname, "../../buildspecs", file), "utf8")) as Buildspec;

/** The script that a buildspec writes into its build, if it writes one. */
export const scriptIn = (command: string): string | undefined => {
  const script = /<<'SCRIPT'\n(.*)\nSCRIPT/s.exec(command)?.[1];
  return script === undefined ? undefined : `${script}\n`;
};

/** All that a buildspec has a shell run: its commands, and the script within one. */
export const scriptsOf = ({ phases }: Buildspec): readonly string[] =>
  Object.values(phases)
    .flatMap(({ commands }) => commands)
    .map((command) => scriptIn(command) ?? command);

/** Runs a program in a root that it cannot change, unless what it changes may lie in `changes`; `work` is `/build` (`/mnt` in the machine's own), where it starts. */
export async function inRoot(
  {
    root,
    work,
    changes,
    env = {},
  }: { root: string; work: string; changes?: string; env?: Readonly<Record<string, string>> },
  command: readonly string[],
): Promise<{ status: number; log: string }> {
  const variables = { PATH: "/usr/bin:/bin:/usr/sbin:/sbin", HOME: "/root", ...env };
  const settings = Object.entries(variables).flatMap((pair) => ["--setenv", ...pair]);
  const at = root === "/" ? "/mnt" : "/build";
  const own = changes === undefined ? undefined : ownRoot({ kind: "directory", path: root }, changes);
  const shown =
    own?.root.kind === "directory" && own.root.own ? ["--bind", own.root.own] : ["--ro-bind", root];
  const place = [...shown, "/", ...WALLS, "--bind", work, at, "--chdir", at];
  const shell = ["sh", "-c", 'exec "$@" 2>&1', "sh"];
  // `env` runs a program as it is.
  const child = spawn("env", [...(own?.enter ?? []), "bwrap", ...place, ...settings, ...shell, ...command], {
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
  changes?: string;
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
