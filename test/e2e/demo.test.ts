import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Chapter, hold, play, type Stage } from "../../src/cli/stage.ts";
import { greetStory } from "../../src/cli/story.ts";
import { teller } from "../../src/cli/tell.ts";
import { openWorld, type World } from "../../src/cli/world.ts";
import { CACHE } from "../local/distribution/cache.ts";
import { compiled } from "../scenarios/compiled.ts";
import { NATIVE } from "./chapters.ts";
import { whyNoForeign, whyNoStory } from "./why-not.ts";

// The demo's own chapters on the whole stack; what it merges and publishes is another file's story.
const skipped = whyNoStory();
const arches =
  (skipped ?? whyNoForeign()) === undefined ? ([NATIVE, "aarch64"] as const) : ([NATIVE] as const);
const { found, chapters } = await greetStory(arches);
const chapterNamed = (name: string): Chapter => {
  const chapter = chapters.find((one) => one.name === name);
  if (!chapter) throw new Error(`the demo has no chapter "${name}"`);
  return chapter;
};

describe.skipIf(skipped)(`${skipped ?? ""}the demo's chapters hold`, { timeout: 900_000 }, () => {
  let dir: string;
  let world: World;
  let stage: Stage;
  let told: string;

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), "millwright-demo-"));
    world = await openWorld({
      dir,
      cache: CACHE,
      arches: { [NATIVE]: "required", ...(arches.length > 1 && { aarch64: "advisory" }) },
      contract: true,
      timeScale: 0.25,
      compiled: await compiled(),
      log: () => undefined,
    });
    for (const arch of arches) await world.roots.of(arch);
    const tell = teller((text) => void (told += text), Date.now);
    stage = { world, town: await found(world.github), tell };
  }, 900_000);

  afterAll(async () => {
    await world?.close();
    await rm(dir, { recursive: true, force: true });
  }, 60_000);

  const holds = async (name: string): Promise<void> => {
    told = "";
    const [played] = await play(stage, [chapterNamed(name)]);
    expect([played, played?.held ? "" : told]).toEqual([expect.objectContaining({ held: true }), ""]);
  };

  test("a stranger's fork waits for an ACK, is built with it, and waits again after a push", () =>
    holds("A stranger's fork"));

  test(`a comment asks for ${arches[1] ?? "nothing, since there is one arch here"}, and dnf installs from the pull request's channel`, () =>
    holds("What a comment can ask for"));

  test("a failing build shows its lines, /why answers, /retry tries again, and a push mends it", () =>
    holds("A build that fails"));

  test("a mistake in the proposed rules is shown at its line; mended, the plan is shown", () =>
    holds("New rules"));

  test("a nightly is promoted by a tag and the next by a comment, it goes back, and a stranger finds all of it good", () =>
    holds("Two releases, and one back"));

  test("an upstream's tag becomes a pull request by itself, and once merged the package of its version", () =>
    holds("An upstream release becomes a pull request by itself"));

  test("a pull request changes a treefile: its tree, the disk that is made of it, and how fast that boots", () =>
    holds("A system as a tree, and a disk of it that boots"));

  test("nothing that was asked, answered or delivered breaks GitHub's own description", () => {
    expect(world.github.violations()).toEqual({ request: [], response: [], webhook: [] });
  });
});

describe("a chapter in which something is not as it is to be", () => {
  test("is told as such, and the next one is played", async () => {
    let told = "";
    const tell = teller((text) => void (told += text), Date.now);
    const chapter = (name: string, isSo: boolean): Chapter => ({
      name,
      play: async (stage) => hold(stage, "it is green", isSo),
    });
    const played = await play({ tell } as Stage, [chapter("First", false), chapter("Second", true)]);
    expect(played).toEqual([
      { name: "First", held: false, seconds: expect.any(Number), because: "this is not so: it is green" },
      { name: "Second", held: true, seconds: expect.any(Number) },
    ]);
    expect(told).toContain("NOT AS IT IS TO BE: this is not so: it is green");
    expect(told).toContain("✓ it is green");
  });
});
