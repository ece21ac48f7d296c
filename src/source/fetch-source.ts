import { mkdir, readFile, readdir, stat } from "node:fs/promises";
import type { LookupFunction } from "node:net";
import { join } from "node:path";
import { readSpec, type Spec } from "../pipelines/spec.ts";
import { packBundle, writeResults } from "./bundle.ts";
import { type Checksum, digestOf, readChecksums, verify } from "./checksums.ts";
import { download, type Net } from "./download.ts";
import { refused } from "./failure.ts";
import { filesOf, isPaper, writeFiles } from "./files.ts";
import { createRepository } from "./git.ts";
import type { Manifest } from "./manifest.ts";
import { fetchCommits, mergeCommits } from "./merge.ts";
import { type Planned, planSources } from "./plan-sources.ts";
import { type Say, visible } from "./progress.ts";
import type { Pause } from "./retry.ts";
import { findSpec, pathIn, type Place } from "./tree.ts";
import { upload } from "./upload.ts";

/** What the stage needs of the world. */
export interface World {
  /** An empty directory of its own. */
  readonly dir: string;
  readonly say: Say;
  readonly pause: Pause;
  readonly lookup: LookupFunction;
  readonly limits: Net["limits"];
  /** The digest of this very program, in hex. */
  readonly tool?: string | undefined;
}

/** The source stage: merge, collect, check, pack, upload. Nothing of what it fetches is run. */
export async function fetchSource(manifest: Manifest, world: World): Promise<void> {
  const { dir, say, pause } = world;
  const git = await createRepository(dir, manifest.repo);
  say(`fetching ${manifest.head}${manifest.base ? ` and its base ${manifest.base}` : ""}`);
  await fetchCommits(git, manifest, pause);
  const { tree, epoch } = await mergeCommits(git, manifest, pause);
  say(`${manifest.base ? "merged into" : "it is"} tree ${tree}`);
  const place = await findSpec(git, tree, manifest.recipe);
  const [specs, sources] = [join(dir, "SPECS"), join(dir, "SOURCES")];
  await Promise.all([specs, sources].map((path) => mkdir(path)));
  await writeFiles(git, [place.spec], { dir: specs, pause });
  const text = await readFile(join(specs, place.spec.name), "utf8");
  const plans = planSources(specOf(text, place, say), place);
  const files = filesOf(place).filter(({ name }) => !isPaper(name) || isNamed(name, plans, text));
  await writeFiles(git, files, { dir: sources, pause });
  const fetched = await fetchPlanned(plans, manifest, world);
  await checkAll(place, sources, say);
  await packBundle(dir, join(dir, "bundle.tar"));
  const tool = world.tool === undefined ? {} : { tool: world.tool };
  const told = { name: manifest.recipe.name, epoch, merged: tree, ...tool };
  const facts = { ...told, sources: await factsOf(sources, fetched) };
  const names = await writeResults(dir, text, facts);
  for (const line of (await readFile(join(dir, "SHA256SUMS"), "utf8")).trim().split("\n")) say(line);
  await upload(manifest.upload, { dir, names }, pause);
}

/** A repository's paper goes along only where the spec speaks of it: a word changed in it builds nothing again. */
const isNamed = (name: string, plans: readonly Planned[], spec: string): boolean =>
  spec.includes(name) || plans.some((plan) => plan.kind === "here" && plan.file === name);

function specOf(text: string, place: Place, say: Say): Spec {
  const spec = readSpec(text);
  const path = visible(pathIn(place.directory, place.spec.name));
  if (!spec.name && spec.problems[0])
    throw refused(`${path}:${spec.problems[0].line}: ${spec.problems[0].sentence}`);
  for (const { line, column, sentence } of spec.problems) say(`note: ${path}:${line}:${column}: ${sentence}`);
  return spec;
}

async function fetchPlanned(
  plans: readonly Planned[],
  { hosts }: Manifest,
  world: World,
): Promise<ReadonlyMap<string, string>> {
  const fetched = new Map<string, string>();
  let left = world.limits.bytes;
  for (const plan of plans) {
    if (plan.kind === "unknown") world.say(`note: ${plan.sentence}`);
    if (plan.kind === "here") world.say(`${plan.file} is in the repository`);
    if (plan.kind !== "fetch") continue;
    world.say(`fetching ${plan.file} from ${plan.url}`);
    const into = join(world.dir, "SOURCES", plan.file);
    const limits = { ...world.limits, bytes: left };
    const got = await download(plan.url, into, { ...world, hosts, limits }).catch((error: unknown) => {
      throw located(error, plan.at);
    });
    world.say(`${plan.file}: ${got.bytes} bytes, sha256 ${got.sha256}`);
    left -= got.bytes;
    fetched.set(plan.file, plan.url);
  }
  return fetched;
}

/** Puts the line of the spec before what went wrong with its address. */
function located(error: unknown, at: string): unknown {
  if (error instanceof Error) error.message = `${at}: ${error.message}`;
  return error;
}

/** Checks all files that a `sources` file or a `<file>.sha256` beside the spec speaks of. */
async function checkAll(place: Place, dir: string, say: Say): Promise<void> {
  const { directory } = place;
  const names = await readdir(dir);
  for (const { name: list } of filesOf(place)) {
    const alone = list.endsWith(".sha256") ? list.slice(0, -".sha256".length) : undefined;
    if (list !== "sources" && (alone === undefined || !names.includes(alone))) continue;
    const text = await readSmall(join(dir, list), pathIn(directory, list));
    for (const checksum of readChecksums(text, pathIn(directory, list), alone)) {
      if (names.includes(checksum.file)) await checkOne(checksum, dir, say);
      else say(`note: ${checksum.at}: no source is called ${visible(checksum.file)}.`);
    }
  }
}

async function checkOne(checksum: Checksum, dir: string, say: Say): Promise<void> {
  await verify(join(dir, checksum.file), checksum);
  say(`${checksum.file} has the ${checksum.algorithm} that ${checksum.at} lists`);
}

async function readSmall(path: string, shown: string): Promise<string> {
  if ((await stat(path)).size > 1024 * 1024)
    throw refused(`${visible(shown)} is too large for a list of checksums.`);
  return readFile(path, "utf8");
}

async function factsOf(dir: string, fetched: ReadonlyMap<string, string>) {
  const names = (await readdir(dir)).toSorted();
  return Promise.all(
    names.map(async (file) => {
      const url = fetched.get(file);
      const sha256 = await digestOf(join(dir, file), "sha256");
      return url === undefined ? { file, sha256 } : { file, url, sha256 };
    }),
  );
}
