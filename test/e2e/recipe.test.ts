import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { localRecipe } from "../../src/cli/recipe.ts";
import { play } from "../../src/cli/stage.ts";
import { recipeStory } from "../../src/cli/story.ts";
import { teller } from "../../src/cli/tell.ts";
import { openWorld } from "../../src/cli/world.ts";
import { CACHE } from "../local/distribution/cache.ts";
import { compiled } from "../scenarios/compiled.ts";
import { NATIVE } from "./chapters.ts";
import { whyNoStory } from "./why-not.ts";

const skipped = whyNoStory();

const spec = (requires: string): string => `Name: motd-extra
Version: 2
Release: 1
Summary: A word for the day
License: FSFAP
Source0: word
BuildArch: noarch
${requires}
%description
A word for the day.
%install
install -D -m 644 %{SOURCE0} %{buildroot}%{_datadir}/motd-extra/word
%files
%{_datadir}/motd-extra
`;

describe.skipIf(skipped)(`${skipped ?? ""}a directory with a spec and its sources`, () => {
  let dir: string;

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), "millwright-recipe-"));
  });
  afterAll(() => rm(dir, { recursive: true, force: true }));

  const recipeDir = async (name: string, requires: string): Promise<string> => {
    const recipe = join(dir, name);
    await mkdir(recipe);
    await writeFile(join(recipe, "motd-extra.spec"), spec(requires));
    await writeFile(join(recipe, "word"), "patience\n");
    return recipe;
  };

  test("is built, merged, published and installed like any pull request", { timeout: 600_000 }, async () => {
    const recipe = await localRecipe(await recipeDir("well", "BuildRequires: coreutils, gcc"));
    expect(recipe.own.packages).toEqual(["motd-extra"]);
    let told = "";
    const world = await openWorld({
      dir: join(dir, "world"),
      cache: CACHE,
      arches: { [NATIVE]: "required" },
      packages: recipe.packages,
      compiled: await compiled(),
      log: () => undefined,
    });
    try {
      const tell = teller((text) => void (told += text), Date.now);
      const { found, chapters } = recipeStory(recipe.own, [NATIVE]);
      const played = await play({ world, town: await found(world.github), tell }, chapters);
      const name = "From a pull request to the mirror";
      expect(played).toEqual([{ name, held: true, seconds: expect.any(Number) }]);
      expect(told).toContain("zypper installs motd-extra from the mirror");
    } finally {
      await world.close();
    }
  });

  test("is refused before anything starts if it needs what no root here can have, by that name", async () => {
    const recipe = await recipeDir("wanting", "BuildRequires: gcc, unheard-of-devel >= 3");
    await expect(localRecipe(recipe)).rejects.toThrow(/cannot satisfy: unheard-of-devel.*motd-extra\.spec/);
  });

  test("is refused if it has no spec or more than one", async () => {
    const two = await recipeDir("two", "");
    await writeFile(join(two, "other.spec"), "");
    await expect(localRecipe(two)).rejects.toThrow("has 2 specs; one is needed");
    await mkdir(join(dir, "none"));
    await expect(localRecipe(join(dir, "none"))).rejects.toThrow("has 0 specs; one is needed");
  });
});
