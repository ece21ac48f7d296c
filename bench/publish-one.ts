import { link, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { REQUIRE, toolOf } from "../serverless/tools.ts";
import { buildRpm } from "../test/publish/kit.ts";
import { bundleAsDeployed } from "./bundle.ts";
import { costOf } from "./child-cost.ts";
import type { Cost } from "./child-cost.ts";
import { median, table } from "./numbers.ts";
import { repositoryOf } from "./publish-repository.ts";
import type { Repository } from "./publish-repository.ts";
import { publishWorld } from "./publish-world.ts";
import type { Traffic } from "./publish-world.ts";

/** How many packages there are, and how often one is added; large repositories are slow enough to repeat well. */
const SIZES: readonly (readonly [packages: number, rounds: number])[] = [
  [1_000, 5],
  [10_000, 3],
  [50_000, 1],
];

const METADATA_PROGRAM = fileURLToPath(new URL("publish-metadata.ts", import.meta.url));

const OURS = "our metadata alone";
const WITH_OPEN = "the same and open-checksum";
const WHOLE = "our whole publication";
const CREATEREPO = "createrepo_c --update …";
const MERGEREPO = "mergerepo_c";

/** What the goals are, at 50,000: times less CPU than each rival, and MiB. */
const GOALS: Readonly<Record<string, number>> = { [CREATEREPO]: 35, [MERGEREPO]: 17 };
const MEMORY = 256;

interface Result {
  readonly costs: ReadonlyMap<string, readonly Cost[]>;
  readonly traffic: readonly Traffic[];
  readonly wrong: readonly string[];
}

/** Adds one package to repositories of several sizes; rivals in between. Gives what went wrong. */
export async function publishOne(sizes = SIZES): Promise<readonly string[]> {
  const dir = await mkdtemp(join(tmpdir(), "bench-publish-"));
  const wrong: string[] = [];
  const objects = new Set<number>();
  try {
    console.log(ABOUT);
    for (const [packages, rounds] of sizes) {
      const place = join(dir, String(packages));
      await mkdir(place);
      const repository = await repositoryOf(packages, place);
      const result = await measure(place, repository, rounds);
      await rm(place, { recursive: true });
      tell(repository, result);
      wrong.push(...result.wrong);
      for (const one of result.traffic) objects.add(one.objects);
    }
    if (objects.size > 1) wrong.push(`the number of objects is not one: ${[...objects].join(", ")}`);
    return wrong;
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

const ABOUT = `One package is added to a repository whose old packages exist as metadata only (of an ordinary distribution's
sizes; nobody opens an old package). createrepo_c has its best flags for that: --update --skip-stat --recycle-pkglist, the
old metadata beside it and the new package as the only file; mergerepo_c merges the old metadata with that of the new
package, which it is given. Ours reads the old metadata and the new package, for which it runs createrepo_c too. All write
gzip. Rivals compute \`open-checksum\`, ours leaves it out; what it would cost is told too. The whole publication also
signs, writes to S3, and reads all of it back: rivals do none of that. Its program is bundled as it is deployed; the embedded
S3 and KMS are in another process and not counted.
`;

async function measure(dir: string, repository: Repository, rounds: number): Promise<Result> {
  const costs = new Map<string, Cost[]>();
  const traffic: Traffic[] = [];
  const wrong: string[] = [];
  const programs = await programsIn(dir);
  const base = join(dir, "base.json");
  await writeFile(base, JSON.stringify(repository));
  await using world = await publishWorld(dir, repository);
  for (let round = 0; round < rounds; round += 1) {
    const name = `new-${round}`;
    const { file } = await buildRpm(dir, { name, arch: "x86_64" });
    const place = await mkdtemp(join(dir, "round-"));
    const one = join(place, "one");
    await mkdir(one);
    await link(file, join(one, `${name}.rpm`));
    const took = (who: string, cost: Cost) => costs.set(who, [...(costs.get(who) ?? []), cost]);
    const metadata = [process.execPath, programs.metadata, base, file];
    took(OURS, await costOf([...metadata, await mkdtemp(join(place, "ours-"))]));
    took(CREATEREPO, await createrepo(repository, { one, name, place }));
    const env = await world.order(file);
    const whole = await world.during(() => costOf([process.execPath, programs.publish], env));
    took(WHOLE, whole.result);
    traffic.push(whole.traffic);
    took(WITH_OPEN, await costOf([...metadata, await mkdtemp(join(place, "open-")), "open"]));
    took(MERGEREPO, await mergerepo(repository, { one, place }));
    for (const made of ["old", "merged"])
      if ((await packagesIn(join(place, made))) !== repository.packages + 1)
        wrong.push(`${made}: not ${repository.packages + 1} packages`);
    await rm(place, { recursive: true });
  }
  return { costs, traffic, wrong };
}

async function programsIn(dir: string) {
  const metadata = join(dir, "metadata.mjs");
  const publish = join(dir, "publish.mjs");
  await writeFile(metadata, (await bundleAsDeployed(METADATA_PROGRAM, REQUIRE)).code);
  await writeFile(publish, (await toolOf("publish"))?.body ?? "");
  return { metadata, publish };
}

async function createrepo(
  { plain }: Repository,
  { one, name, place }: { readonly one: string; readonly name: string; readonly place: string },
): Promise<Cost> {
  const old = join(place, "old");
  await mkdir(old);
  await link(join(one, `${name}.rpm`), join(old, `${name}.rpm`));
  await costOf(["cp", "-r", join(plain, "repodata"), old]);
  const pkglist = join(place, "pkglist");
  await writeFile(pkglist, `${name}.rpm\n`);
  const flags = ["--update", "--skip-stat", "--recycle-pkglist", "--pkglist", pkglist];
  return costOf(["createrepo_c", "-q", "--no-database", "--general-compress-type=gz", ...flags, old]);
}

async function mergerepo(
  { plain }: Repository,
  { one, place }: { readonly one: string; readonly place: string },
): Promise<Cost> {
  await costOf(["createrepo_c", "-q", "--no-database", "--general-compress-type=gz", one]);
  const from = [plain, one].flatMap((dir) => ["-r", `file://${dir}`]);
  const flags = ["--no-database", "--compress-type=gz", "--omit-baseurl"];
  return costOf(["mergerepo_c", ...flags, "-o", join(place, "merged"), ...from]);
}

async function packagesIn(dir: string): Promise<number> {
  const names = await readdir(join(dir, "repodata"));
  const primary = await readFile(
    join(dir, "repodata", names.find((name) => name.endsWith("primary.xml.gz")) ?? ""),
  );
  return Number(/ packages="(\d+)"/.exec(gunzipSync(primary).toString("latin1", 0, 400))?.[1]);
}

const mib = (bytes: number): string => (bytes / 1024 ** 2).toFixed(1);

function tell({ packages, size, open }: Repository, { costs, traffic }: Result): void {
  const ours = costs.get(OURS) ?? [];
  const of = (all: readonly Cost[], what: keyof Cost) => median(all.map((cost) => cost[what]));
  console.log(`\n${packages} packages, ${mib(size)} MiB of metadata (${mib(open)} unpacked):\n`);
  const head = ["", "CPU s", "wall s", "MiB", "CPU ratio", "wall ratio", "goal"];
  const rows = [...costs].map(([who, all]) => [
    who,
    (of(all, "cpu") / 1000).toFixed(2),
    (of(all, "wall") / 1000).toFixed(2),
    of(all, "peak").toFixed(0),
    `${ratio(all, ours, "cpu")}x`,
    `${ratio(all, ours, "wall")}x`,
    goalOf(who, packages),
  ]);
  console.log(table([head, ...rows]));
  for (const { objects, written, read } of traffic.slice(0, 1))
    console.log(`\n${objects} objects, ${mib(written)} MiB written, ${mib(read)} MiB read`);
}

function goalOf(who: string, packages: number): string {
  if (packages < 50_000) return "";
  const goal = GOALS[who];
  return goal === undefined ? `${MEMORY} MiB` : `${goal}x CPU`;
}

/** The median of the ratios of each round: what disturbs the machine disturbs a round as a whole. */
const ratio = (theirs: readonly Cost[], ours: readonly Cost[], what: keyof Cost): string =>
  median(theirs.map((cost, round) => cost[what] / (ours[round]?.[what] ?? Number.NaN))).toFixed(1);
