import { cp, mkdir, mkdtemp, rm } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import path from "node:path";
import { buildRoot, type BuildRoot } from "../src/local/distribution/build-root.ts";
import { costOf } from "./child-cost.ts";
import { median, table } from "./numbers.ts";

/** Debian's own cross compiler is fetched into the accelerated root: nothing is installed on this machine. */
const ARCH = "s390x";
const CACHE = path.join(homedir(), ".cache/millwright/distribution");
const HERE = path.join(import.meta.dirname, "foreign");
const FIXTURES = path.join(import.meta.dirname, "../test/fixtures");

const PACKAGES = ["greet", "tally", "lattice"] as const;
/** What all is emulated in takes minutes: once tells. */
const ROUNDS = { native: 3, accelerated: 3, plain: 1 } as const;
type Way = keyof typeof ROUNDS;
const WAYS: readonly Way[] = ["native", "accelerated", "plain"];
/** Times what a native build costs. */
const GOAL = 1.15;

type Roots = Readonly<Record<Way, BuildRoot>>;
type Costs = Readonly<Record<Way, number[]>>;

/** Three packages built as this machine's own, with all emulated, and accelerated. Gives what went wrong. */
export async function foreignArch(): Promise<readonly string[]> {
  const roots = await rootsHere();
  const dir = await mkdtemp(path.join(tmpdir(), "bench-foreign-"));
  try {
    const rows = [];
    for (const name of PACKAGES) rows.push({ name, costs: await inTurn(roots, dir, name) });
    tell(rows);
    const texts = await compareTexts(roots, dir);
    console.log(
      `.text of ${texts.same} of ${texts.all} objects is the same, plainly emulated and accelerated`,
    );
    return wrongIn(rows, texts);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function rootsHere(): Promise<Roots> {
  const order = { dir: CACHE, log: () => undefined } as const;
  const native = await buildRoot({ ...order, arch: process.arch === "arm64" ? "aarch64" : "x86_64" });
  const plain = await buildRoot({ ...order, arch: ARCH });
  return { native, plain, accelerated: await buildRoot({ ...order, arch: ARCH, accelerated: true }) };
}

/** CPU milliseconds of each build, one way after the other in each round. */
async function inTurn(roots: Roots, dir: string, name: string): Promise<Costs> {
  const costs: Costs = { native: [], accelerated: [], plain: [] };
  for (let round = 0; round < ROUNDS.native; round += 1)
    for (const way of WAYS.filter((one) => round < ROUNDS[one])) {
      const work = path.join(dir, way, name);
      await rm(work, { recursive: true, force: true });
      await layOut(name, work);
      costs[way].push(cpuIn((await costOf(inRoot(roots[way], work, timed(name)))).output));
    }
  return costs;
}

/** Who waits for a sandbox is not told what its processes cost: the shell in it is. */
const timed = (name: string): string => `TIMEFORMAT='cpu %U %S'
  build() { rpmbuild -bb --noclean --nodeps --nocheck --define '_topdir /build' /build/SPECS/${name}.spec > log 2>&1; }
  time build || { cat log; exit 1; }`;

function cpuIn(output: string): number {
  const [, user, system] = /cpu ([\d.]+) ([\d.]+)/.exec(output) ?? [];
  return (Number(user) + Number(system)) * 1000;
}

async function layOut(name: string, work: string): Promise<void> {
  const [specs, sources] = [path.join(work, "SPECS"), path.join(work, "SOURCES")];
  await mkdir(specs, { recursive: true });
  if (name !== "greet") {
    await cp(HERE, sources, { recursive: true });
    await cp(path.join(HERE, `${name}.spec`), path.join(specs, `${name}.spec`));
    return;
  }
  await mkdir(sources);
  await cp(path.join(FIXTURES, "packaging/greet.spec"), path.join(specs, "greet.spec"));
  const tarball = path.join(sources, "greet-1.0.0.tar.gz");
  const upstream = ["-C", path.join(FIXTURES, "upstream"), "--transform", "s/^greet/greet-1.0.0/", "greet"];
  await costOf(["tar", "-czf", tarball, ...upstream]);
}

/** A command line that runs a script by itself in the root, offline, with `work` as its `/build`. */
function inRoot({ path: root, binfmt }: BuildRoot, work: string, script: string): readonly string[] {
  const walls =
    "--proc /proc --dev /dev --tmpfs /tmp --tmpfs /var/tmp --unshare-all --chdir /build --clearenv --setenv PATH /usr/sbin:/usr/bin --setenv HOME /build --setenv LC_ALL C.UTF-8";
  const bwrap = ["bwrap", "--ro-bind", root, "/", "--bind", work, "/build", ...walls.split(" ")];
  const command = [...bwrap, "bash", "-c", script];
  const register = `mount -t binfmt_misc binfmt_misc /proc/sys/fs/binfmt_misc &&
    printf %s "$1" > /proc/sys/fs/binfmt_misc/register && shift && exec "$@"`;
  const namespace = ["unshare", "--user", "--map-root-user", "--mount", "--fork"];
  return binfmt ? [...namespace, "sh", "-c", register, "sh", binfmt.register, ...command] : command;
}

interface Texts {
  readonly same: number;
  readonly all: number;
}

/** Of all objects that both ways left behind. */
async function compareTexts({ accelerated }: Roots, dir: string): Promise<Texts> {
  const script = `cd /build/plain; find . -name '*.o' | while read -r object; do
    for way in plain accelerated; do
      objcopy -O binary -j '.text*' "/build/$way/$object" "/tmp/$way" || exit 1
    done
    cmp -s /tmp/plain /tmp/accelerated && echo same || echo "other $object"
  done`;
  const lines = (await costOf(inRoot(accelerated, dir, script))).output.trim().split("\n");
  for (const line of lines.filter((one) => one !== "same")) console.log(line);
  return { same: lines.filter((line) => line === "same").length, all: lines.length };
}

interface Row {
  readonly name: string;
  readonly costs: Costs;
}

const sumOf = (rows: readonly Row[], way: Way): number =>
  rows.reduce((sum, { costs }) => sum + median(costs[way]), 0);

function tell(rows: readonly Row[]): void {
  const seconds = (ms: number) => (ms / 1000).toFixed(1);
  const line = (name: string, [native, plain, fast]: readonly [number, number, number]) => [
    name,
    seconds(native),
    `${seconds(plain)} (${(plain / native).toFixed(1)}x)`,
    `${seconds(fast)} (${(fast / native).toFixed(2)}x)`,
  ];
  const body = rows.map(({ name, costs: { native, plain, accelerated } }) =>
    line(name, [median(native), median(plain), median(accelerated)]),
  );
  const all = line("all", [sumOf(rows, "native"), sumOf(rows, "plain"), sumOf(rows, "accelerated")]);
  console.log(`CPU seconds of rpmbuild without %check for ${ARCH}, beside this machine's own:`);
  console.log(table([["package", "native", "emulated", "accelerated"], ...body, all]));
}

function wrongIn(rows: readonly Row[], { same, all }: Texts): readonly string[] {
  const ratio = sumOf(rows, "accelerated") / sumOf(rows, "native");
  return [
    ...(ratio > GOAL ? [`accelerated takes ${ratio.toFixed(2)} times native CPU, more than ${GOAL}`] : []),
    ...(same < all || all === 0 ? [`${all - same} of ${all} objects have another .text`] : []),
  ];
}
