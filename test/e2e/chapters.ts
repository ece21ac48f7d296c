import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Octokit } from "@octokit/rest";
import { greetOwn, greetSpec } from "../../src/cli/greet.ts";
import { propose } from "../../src/cli/propose.ts";
import { foundUpstream, merge, settle, type Town } from "../../src/cli/town.ts";
import { openWorld, type World } from "../../src/cli/world.ts";
import type { BuildRoot, RootArch } from "../../src/local/distribution/build-root.ts";
import type { Run } from "../../src/pipelines/run.ts";
import { CACHE } from "../local/distribution/cache.ts";
import { compiled } from "../scenarios/compiled.ts";
import { brokenSpecs } from "./broken.ts";
import { runOf } from "./outcome.ts";
import { watchChecks } from "./watch-checks.ts";

export const NATIVE: RootArch = process.arch === "arm64" ? "aarch64" : "x86_64";

/** A run that has come to its end, and what GitHub showed on the way. */
export interface Told {
  readonly run: Run;
  /** Name of each check run -> its states in their order. */
  readonly states: ReadonlyMap<string, readonly string[]>;
}

export interface Story {
  readonly world: World;
  readonly town: Town;
  /** Where the GitHub keeps everything. */
  readonly githubDir: string;
  readonly base: BuildRoot;
  /** The pull request that updates greet, its merge, and a push that changes only README.md; one after the other. */
  readonly pulled: Promise<Told>;
  readonly merged: Promise<Told>;
  readonly reworded: Promise<Told>;
  /** A pull request elsewhere with three specs, none of which can be built. */
  readonly broken: Promise<Told>;
  close(): Promise<void>;
}

/** Starts a world with nothing pretended in it, and all chapters. */
export async function openStory(foreign: boolean): Promise<Story> {
  const dir = await mkdtemp(join(tmpdir(), "millwright-story-"));
  const world = await openWorld({
    dir,
    cache: CACHE,
    arches: { [NATIVE]: "required", ...(foreign && { aarch64: "advisory" }) },
    contract: true,
    compiled: await compiled(),
    log: () => undefined,
  });
  const base = await world.roots.of(NATIVE);
  if (foreign) await world.roots.of("aarch64");
  await foundUpstream(world.github);
  const town = await settle(world.github, { "greet.spec": await greetSpec() });
  const pulled = playPull(world, town);
  const merged = pulled.then(async ({ run }) =>
    toEnd(world, town, await merge(town, run.trigger.kind === "pull" ? run.trigger.number : 0)),
  );
  const reworded = merged.then(async () => toEnd(world, town, await reword(world, town)));
  const broken = playBroken(world);
  // The test that asks for a chapter says what went wrong in it.
  for (const chapter of [pulled, merged, reworded, broken]) chapter.catch(() => undefined);
  const close = async () => {
    await world.close();
    await rm(dir, { recursive: true, force: true });
  };
  return { world, town, githubDir: join(dir, "github"), base, pulled, merged, reworded, broken, close };
}

async function toEnd({ stack }: World, place: Parameters<typeof watchChecks>[0], sha: string): Promise<Told> {
  const watched = watchChecks(place, sha);
  try {
    return { run: await runOf(stack, sha), states: watched.states };
  } finally {
    await watched.end();
  }
}

async function playPull(world: World, town: Town): Promise<Told> {
  const { change } = await greetOwn();
  const { sha } = await propose(world.github, town, change);
  return toEnd(world, town, sha);
}

const reword = ({ github }: World, { owner, repo }: Town): Promise<string> =>
  github.admin.commit(owner, repo, {
    by: owner,
    branch: "main",
    message: "Say what is here",
    files: { "README.md": "# Packages of ours\n" },
  });

const BROKEN = { owner: "nina", repo: "broken" };

async function playBroken(world: World): Promise<Told> {
  const { admin } = world.github;
  const { owner, repo } = BROKEN;
  const nina = admin.createUser({ login: owner });
  const config = `targets:\n  debian-12: [${NATIVE}]\n`;
  await admin.createRepository({ owner, name: repo, files: { ".millwright.yml": config } });
  await admin.install(owner, [repo]);
  const change = { by: owner, branch: "louder", message: "Louder", files: await brokenSpecs() };
  const sha = await admin.commit(owner, repo, change);
  const as: Town["as"] = ({ token }) => new Octokit({ auth: token, baseUrl: world.github.apiUrl });
  const place = { ...BROKEN, maintainer: nina, as };
  await place.as(nina).rest.pulls.create({ owner, repo, title: "Louder", head: "louder", base: "main" });
  return toEnd(world, place, sha);
}
