import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import type { RootArch } from "../local/distribution/build-root.ts";
import { cacheDir } from "./cache.ts";
import { keepResult } from "./keep.ts";
import { localRecipe } from "./recipe.ts";
import { play, type Played } from "./stage.ts";
import { greetStory, recipeStory, type Story } from "./story.ts";
import { teller } from "./tell.ts";
import { openWorld, type World } from "./world.ts";

const HELP = `npm run demo -- [--once] [--keep DIR] [--recipe DIR] [--arch x86_64,aarch64] [--verbose]

Plays a whole story on this machine, in chapters: a pull request is built, merged, signed, published and installed;
a stranger's waits for an ACK; comments ask for more; a build fails and says why; rules are proposed; an upstream's tag becomes a pull
request; two releases come to people, and the channel goes back to the first; a system's tree changes, and the disk made of it boots.
  --once        end when the story has ended (else everything stays up until Ctrl-C)
  --keep DIR    leave result.json and mirror/ in DIR
  --recipe DIR  play its first chapter with the spec and sources in DIR
  --arch LIST   arches to build on; the first is required, the others are advisory
  --verbose     tell what the doors and servers log
`;

const { values } = parseArgs({
  options: {
    once: { type: "boolean", default: false },
    keep: { type: "string" },
    recipe: { type: "string" },
    arch: { type: "string", default: process.arch === "arm64" ? "aarch64" : "x86_64,aarch64" },
    verbose: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

const SWEEP_SOONER = 0.25;

const write = (text: string): void => void process.stdout.write(text);
const tell = teller(write, Date.now);

if (values.help) write(HELP);
else if (process.getuid?.() !== 0) {
  write("millwright: run this as root: dnf makes build roots, and their owner is root\n");
  process.exitCode = 1;
} else process.exitCode = (await main()) ? 0 : 1;

async function main(): Promise<boolean> {
  const dir = await mkdtemp(join(tmpdir(), "millwright-demo-"));
  const recipe = values.recipe ? await localRecipe(values.recipe) : undefined;
  tell.step(
    "Millwright and a GitHub start on this machine: the same doors as on AWS, on embedded S3, SQS, CodeBuild and KMS.",
  );
  const world = await openWorld({
    dir,
    cache: cacheDir(process.env),
    arches: archesOf(values.arch),
    packages: recipe?.packages ?? [],
    // A story of minutes fills GitHub's budget of writes, and what did not fit waits for the sweep.
    timeScale: SWEEP_SOONER,
    log: values.verbose
      ? (message, facts) => tell.detail(`${message} ${JSON.stringify(facts)}`)
      : toldOfRoots,
  });
  const close = async (): Promise<void> => {
    await world.close();
    await rm(dir, { recursive: true, force: true });
  };
  tell.detail(
    `GitHub   ${world.github.url}`,
    `mirror   ${world.stack.mirrorUrl}`,
    `logs     ${world.stack.logsUrl}`,
    `mails    ${world.mails}`,
  );
  tell.step(
    "Build roots are made ready. The first time takes a minute or two per arch; later starts find them in the cache.",
  );
  const arches = Object.keys(archesOf(values.arch)) as RootArch[];
  for (const arch of arches) await world.roots.of(arch);
  const story = recipe ? recipeStory(recipe.own, arches) : await greetStory(arches);
  const played = await playStory(world, story);
  if (values.keep) await keepResult(world.stack, played, resolve(values.keep));
  const isWell = played.every(({ held }) => held);
  tell.step(isWell ? "All went as it should." : "It did not go as it should; see above.");
  for (const { name, held, seconds } of played) tell.detail(`${held ? "✓" : "✗"} ${name}  (${seconds} s)`);
  if (!values.once) {
    tell.detail("Everything stays up: open the addresses above. Ctrl-C ends it.");
    await new Promise((end) => process.once("SIGINT", end));
  }
  await close();
  return isWell;
}

async function playStory(world: World, { found, chapters }: Story): Promise<readonly Played[]> {
  const town = await found(world.github);
  tell.step(
    "maria keeps packages in a repository that Millwright is installed on; carol and sam have ideas.",
  );
  tell.detail(`${world.github.url}/${town.owner}/${town.repo}`);
  return play({ world, town, tell }, chapters);
}

function toldOfRoots(message: string, facts: Readonly<Record<string, unknown>>): void {
  if (message === "build root") tell.detail(String(facts["kind"]));
  else if (message.startsWith("converting")) tell.detail(`${message}: ${Object.values(facts).join(", ")}`);
}

/** The first arch is required, the others are advisory. */
function archesOf(list: string): Partial<Record<RootArch, "required" | "advisory">> {
  const names = list.split(",").map((name) => name.trim());
  const wrong = names.find((name) => name !== "x86_64" && name !== "aarch64");
  if (wrong !== undefined) throw new Error(`--arch takes x86_64 and aarch64 here, not "${wrong}"`);
  return Object.fromEntries(names.map((name, i) => [name, i === 0 ? "required" : "advisory"]));
}
