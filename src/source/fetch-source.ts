import { mkdir, readFile, readdir, rm } from "node:fs/promises";
import type { LookupFunction } from "node:net";
import { join } from "node:path";
import { SERVICE_FILE } from "../pipelines/service/services.ts";
import { readSpec, type Spec } from "../pipelines/spec/spec.ts";
import { type Facts, packBundle, writeResults } from "./bundle.ts";
import { type Checksum, digestOf } from "./checksums.ts";
import type { Net } from "./download.ts";
import { refused } from "./failure.ts";
import { collectImage, DESCRIPTION } from "./fetch-image.ts";
import { fetcher } from "./fetcher.ts";
import { filesOf, isPaper, writeFiles } from "./files.ts";
import type { Git } from "./git.ts";
import { checkAll, listedIn } from "./listed.ts";
import type { Manifest } from "./manifest.ts";
import { fetchMerged } from "./merged.ts";
import { type Planned, planSources } from "./plan-sources.ts";
import { type Say, visible } from "./progress.ts";
import type { Pause } from "./retry.ts";
import { openShelf, type Shelf } from "./shelf.ts";
import { serve } from "./serve.ts";
import { type Entry, findSpec, isFile, pathIn, type Place } from "./tree.ts";
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
  const { git, tree, epoch } = await fetchMerged(manifest, world);
  if (manifest.recipe.kind === "image") return fetchImage(git, { tree, epoch }, { manifest, world });
  const place = await findSpec(git, tree, manifest.recipe);
  const shelf = openShelf(dir, manifest.known ?? [], say);
  const { text, sources } = await collect(git, place, { manifest, world, shelf });
  await checkAll(place, join(dir, "SOURCES"), say);
  await packBundle(dir, join(dir, "bundle.tar"));
  const tool = world.tool === undefined ? {} : { tool: world.tool };
  const told = { name: manifest.recipe.name, epoch, merged: tree, ...tool };
  const facts = { ...told, sources: await factsOf(join(dir, "SOURCES"), sources) };
  const names = await writeResults(dir, text, { facts, left: shelf.kept() });
  for (const line of (await readFile(join(dir, "SHA256SUMS"), "utf8")).trim().split("\n")) say(line);
  await upload(manifest.upload, { dir, names }, pause);
}

/** An image is made of what stands beside its description, and of packages. */
async function fetchImage(
  git: Git,
  { tree, epoch }: { readonly tree: string; readonly epoch: number },
  { manifest, world: { dir, say, pause } }: Omit<Around, "shelf">,
): Promise<void> {
  const text = await collectImage(git, { tree, path: manifest.recipe.path, dir, pause });
  await packBundle(dir, join(dir, "bundle.tar"), [DESCRIPTION]);
  const facts = { name: manifest.recipe.name, epoch, merged: tree, sources: [] };
  const names = await writeResults(dir, text, { facts, left: [] });
  for (const line of (await readFile(join(dir, "SHA256SUMS"), "utf8")).trim().split("\n")) say(line);
  await upload(manifest.upload, { dir, names }, pause);
}

/** Where a source is from, if not from the repository. */
type Origin = Omit<Facts["sources"][number], "file" | "sha256">;

interface Around {
  readonly manifest: Manifest;
  readonly world: World;
  readonly shelf: Shelf;
}

/** Lays out the spec in `SPECS` and all that it needs in `SOURCES`. */
async function collect(git: Git, place: Place, of: Around) {
  const { dir, say, pause } = of.world;
  const [specs, sources] = [join(dir, "SPECS"), join(dir, "SOURCES")];
  await Promise.all([specs, sources].map((path) => mkdir(path)));
  await writeFiles(git, [place.spec], { dir: specs, pause });
  const path = join(specs, place.spec.name);
  const all = filesOf(place);
  const hasServices = hasService(place);
  // Services may use any file; without them only what is needed is fetched.
  if (hasServices) await writeFiles(git, all, { dir: sources, pause });
  const net = { ...of.world, hosts: of.manifest.hosts };
  const made = hasServices
    ? await serve(place, {
        dir,
        net,
        shelf: of.shelf,
        listed: await listedIn(place, sources, () => false),
        say,
      })
    : [];
  const text = await readFile(path, "utf8");
  const plans = planSources(specOf(text, place, say), {
    ...place,
    entries: [...place.entries, ...made.map(asEntry)],
  });
  const isNeeded = ({ name }: Entry) => !isPaper(name) || isNamed(name, plans, text);
  if (hasServices)
    await removeAll(
      sources,
      all.filter((file) => !isNeeded(file)),
    );
  else await writeFiles(git, all.filter(isNeeded), { dir: sources, pause });
  const fetched = await fetchPlanned(plans, await listedIn(place, sources, isPlanned(plans)), of);
  const served = made.map(({ file, name, ...from }) => [file, { ...from, service: name }] as const);
  return { text, sources: new Map<string, Origin>([...served, ...fetched]) };
}

function hasService({ directory, entries }: Place): boolean {
  const entry = entries.find(({ name }) => name === SERVICE_FILE);
  if (entry && !isFile(entry))
    throw refused(
      `${visible(pathIn(directory, SERVICE_FILE))} is a ${entry.kind}; put the file itself there.`,
    );
  return entry !== undefined;
}

const isPlanned =
  (plans: readonly Planned[]) =>
  (file: string): boolean =>
    plans.some((plan) => plan.kind === "fetch" && plan.file === file);

const asEntry = ({ file }: { readonly file: string }): Entry => ({ name: file, kind: "file", oid: "" });

const removeAll = (dir: string, files: readonly Entry[]) =>
  Promise.all(files.map(({ name }) => rm(join(dir, name), { force: true })));

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
  listed: readonly Checksum[],
  { manifest: { hosts }, world, shelf }: Around,
): Promise<ReadonlyMap<string, Origin>> {
  const fetched = new Map<string, Origin>();
  let left = world.limits.bytes;
  for (const plan of plans) {
    if (plan.kind === "unknown") world.say(`note: ${plan.sentence}`);
    if (plan.kind === "here") world.say(`${plan.file} is in the repository`);
    if (plan.kind !== "fetch") continue;
    world.say(`fetching ${plan.file} from ${plan.url}`);
    const into = join(world.dir, "SOURCES", plan.file);
    const limits = { ...world.limits, bytes: left };
    const got = await fetcher({ ...world, hosts, limits }, { shelf, listed, say: world.say })(
      plan.url,
      plan.file,
      into,
    ).catch((error: unknown) => {
      throw located(error, plan.at);
    });
    world.say(`${plan.file}: ${got.bytes} bytes, sha256 ${got.sha256}`);
    left -= got.bytes;
    fetched.set(plan.file, { url: plan.url });
  }
  return fetched;
}

/** Puts the line of the spec before what went wrong with its address. */
function located(error: unknown, at: string): unknown {
  if (error instanceof Error) error.message = `${at}: ${error.message}`;
  return error;
}

async function factsOf(dir: string, origins: ReadonlyMap<string, Origin>): Promise<Facts["sources"]> {
  const names = (await readdir(dir)).toSorted();
  return Promise.all(
    names.map(async (file) => ({
      file,
      ...origins.get(file),
      sha256: await digestOf(join(dir, file), "sha256"),
    })),
  );
}
