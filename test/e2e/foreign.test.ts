import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { localRecipe } from "../../src/cli/recipe.ts";
import { allRuns } from "../../src/cli/runs.ts";
import { play } from "../../src/cli/stage.ts";
import { recipeStory } from "../../src/cli/story.ts";
import { teller } from "../../src/cli/tell.ts";
import { openWorld } from "../../src/cli/world.ts";
import { acceleratedOf } from "../../src/local/roots.ts";
import { CACHE } from "../local/distribution/cache.ts";
import { compiled } from "../scenarios/compiled.ts";
import { NATIVE } from "./chapters.ts";
import { publishedBy, stageOf } from "./mirror.ts";
import { whyNoForeign, whyNoStory } from "./why-not.ts";

const skipped = whyNoStory() ?? whyNoForeign();

const SPEC = `Name: endian
Version: 1
Release: 1
Summary: Says which end comes first
License: FSFAP
Source0: endian.c
BuildRequires: gcc
%global debug_package %{nil}
%description
Says which end comes first.
%build
gcc %{optflags} -o endian %{SOURCE0}
%install
install -D endian %{buildroot}%{_bindir}/endian
%check
test "$(./endian)" = "$(case %{_arch} in s390x) echo big;; *) echo little;; esac)"
%files
%{_bindir}/endian
`;
const SOURCE = `#include <stdio.h>
int main(void) {
  const unsigned one = 1;
  puts(*(const unsigned char *)&one ? "little" : "big");
  return 0;
}
`;

describe.skipIf(skipped)(`${skipped ?? ""}a package for s390x`, () => {
  let dir: string;

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), "millwright-foreign-"));
    await mkdir(join(dir, "recipe"));
    await writeFile(join(dir, "recipe/endian.spec"), SPEC);
    await writeFile(join(dir, "recipe/endian.c"), SOURCE);
  });
  afterAll(() => rm(dir, { recursive: true, force: true }));

  test(
    "is compiled by a native compiler, tested under emulation, and backfilled",
    { timeout: 900_000 },
    async () => {
      const recipe = await localRecipe(join(dir, "recipe"));
      const world = await openWorld({
        dir: join(dir, "world"),
        cache: CACHE,
        arches: { [NATIVE]: "required", s390x: "advisory" },
        packages: recipe.packages,
        compiled: await compiled(),
        log: () => undefined,
      });
      try {
        const tell = teller(() => undefined, Date.now);
        const { found, chapters } = recipeStory(recipe.own, [NATIVE, "s390x"]);
        const played = await play({ world, town: await found(world.github), tell }, chapters);
        expect(played.map(({ held }) => held)).toEqual([true, true]);
        const run = (await allRuns(world.stack)).find(({ trigger }) => trigger.kind === "push");
        if (!run) throw new Error("no push was built");
        expect(stageOf(run, "build/endian/debian-12/s390x").image).toBe(acceleratedOf("s390x"));
        const { packages } = await publishedBy(world, stageOf(run, "backfill/"));
        expect(packages.map(({ file }) => file)).toContainEqual(
          expect.stringMatching(/^endian-1-1\S*\.s390x\.rpm$/),
        );
      } finally {
        await world.close();
      }
    },
  );
});
