import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, readlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { clone } from "../../src/cli/git.ts";
import type { Town } from "../../src/cli/town.ts";
import type { World } from "../../src/cli/world.ts";
import type { BuildRoot } from "../../src/local/distribution/build-root.ts";

const run = promisify(execFile);

/** Where builds are made: the ids of programs speak of the directory that they were compiled in. */
const SOURCE = "/codebuild/output/src";

export interface Order {
  readonly number: number;
  readonly head: string;
  readonly base: string;
  /** What is appended to the release. */
  readonly suffix: string;
}

/** What a person gets who merges a pull request on their own disk and calls rpmbuild: names of packages and digests. */
export async function buildByHand(
  { github }: World,
  { owner, repo, maintainer }: Town,
  { order, root, dir }: { readonly order: Order; readonly root: BuildRoot; readonly dir: string },
): Promise<{ readonly log: string; readonly packages: ReadonlyMap<string, string> }> {
  const work = await clone(`${github.url}/${owner}/${repo}.git`, maintainer);
  await work.git("fetch", "--quiet", "origin", `pull/${order.number}/head`);
  await work.git("checkout", "--quiet", "--detach", order.base);
  await work.git("merge", "--quiet", "--no-ff", "-m", "Merge", order.head);
  const epoch = await work.git("show", "--no-patch", "--format=%ct", order.head);
  const [specs, sources] = [join(dir, "rpmbuild/SPECS"), join(dir, "rpmbuild/SOURCES")];
  await mkdir(specs, { recursive: true });
  await mkdir(sources);
  const spec = await readFile(join(work.dir, "greet.spec"), "utf8");
  const suffixed = spec.replace(/^Release:.*$/m, (line) => line + order.suffix);
  await writeFile(join(specs, "greet.spec"), suffixed);
  const archive = await fetch(`${github.url}/upstream/greet/archive/v1.1.0/greet-1.1.0.tar.gz`);
  await writeFile(join(sources, "greet-1.1.0.tar.gz"), new Uint8Array(await archive.arrayBuffer()));
  // What is fetched has no time of its own.
  await utimes(join(sources, "greet-1.1.0.tar.gz"), 0, 0);
  await work.remove();
  const log = await rpmbuild(root, dir, epoch);
  return { log, packages: await digestsBelow(join(dir, "rpmbuild")) };
}

/** Calls rpmbuild in the root as it is, with `dir` where builds have their directory. */
async function rpmbuild({ path }: BuildRoot, dir: string, epoch: string): Promise<string> {
  const entries = await readdir(path, { withFileTypes: true });
  const places = await Promise.all(
    entries.map(async ({ name }) => {
      const [from, to] = [join(path, name), `/${name}`];
      const target = await readlink(from).catch(() => undefined);
      return target === undefined ? ["--ro-bind", from, to] : ["--symlink", target, to];
    }),
  );
  const own = `--proc /proc --dev /dev --tmpfs /tmp --tmpfs /var/tmp --tmpfs /root --bind ${dir} ${SOURCE}`;
  const walls = `--unshare-all --cap-drop ALL --die-with-parent --clearenv --chdir ${SOURCE}`;
  const env = { PATH: "/usr/bin:/usr/sbin", HOME: "/root", LC_ALL: "C.UTF-8", SOURCE_DATE_EPOCH: epoch };
  const { stdout } = await run("bwrap", [
    ...places.flat(),
    ...own.split(" "),
    ...walls.split(" "),
    ...Object.entries(env).flatMap((pair) => ["--setenv", ...pair]),
    "rpmbuild",
    `--define=_topdir ${SOURCE}/rpmbuild`,
    "-ba",
    "rpmbuild/SPECS/greet.spec",
  ]);
  return stdout;
}

async function digestsBelow(dir: string): Promise<ReadonlyMap<string, string>> {
  const files = (await readdir(dir, { recursive: true })).filter((file) => file.endsWith(".rpm"));
  const digests = files.map(async (file) => {
    const bytes = await readFile(join(dir, file));
    return [file.slice(file.lastIndexOf("/") + 1), createHash("sha256").update(bytes).digest("hex")] as const;
  });
  return new Map((await Promise.all(digests)).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
