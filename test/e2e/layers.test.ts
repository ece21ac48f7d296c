import type { Octokit } from "@octokit/rest";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { World } from "../../src/cli/world.ts";
import { logKey } from "../../src/pipelines/log/log.ts";
import type { Run } from "../../src/pipelines/run.ts";
import { attemptId } from "../../src/pipelines/stage.ts";
import { isGreen, runOf } from "./outcome.ts";
import { settled, type Settled } from "./settled.ts";
import { whyNoStory } from "./why-not.ts";

// A library is published to one channel; what requires it is built for another one that stands over it, and for one that does not.
const skipped = whyNoStory();
const [owner, repo] = ["maria", "layered"];

const RULES = `channels:
  devel: { branch: main }
  home: { branch: home, over: [devel] }
`;

const LIBRARY = (version: string) => `Name: wisdom
Version: ${version}
Release: 1
Summary: Wisdom to build with
License: FSFAP
BuildArch: noarch
Provides: wisdom(api) = ${version}
%description
Wisdom.
%package devel
Summary: To build with it
Requires: wisdom(api) = ${version}
%description devel
To build with it.
%install
install -d %{buildroot}%{_datadir}/wisdom
echo 'Patience, says ${version}.' > %{buildroot}%{_datadir}/wisdom/saying
%files
%{_datadir}/wisdom
%files devel
`;

const RECIPE = `Name: book
Version: 1
Release: 1
Summary: A book of wisdom
License: FSFAP
BuildArch: noarch
BuildRequires: wisdom-devel >= 2
%description
A book.
%install
install -D -m 644 %{_datadir}/wisdom/saying %{buildroot}%{_datadir}/book
%files
%{_datadir}/book
`;

describe.skipIf(skipped)(`${skipped ?? ""}channels that stand over others`, { timeout: 600_000 }, () => {
  let town: Settled;
  let world: World;
  let rest: Octokit["rest"];

  beforeAll(async () => {
    const files = { ".millwright.yml": RULES };
    town = await settled({ owner, repo, files });
    ({ world, rest } = town);
    world.github.admin.protectBranch(owner, repo, "home");
    await town.commit("home", { "README.md": "Books.\n" });
    for (const version of ["2", "4"]) await publish("main", version);
  }, 900_000);
  afterAll(() => town?.close(), 60_000);

  const publish = async (branch: string, version: string): Promise<void> => {
    const sha = await town.commit(branch, { [`${branch}/wisdom.spec`]: LIBRARY(version) }, version);
    expect(isGreen(await runOf(world.stack, sha))).toBe(true);
  };
  let proposed = 0;
  const propose = async (base: string): Promise<Run> => {
    const head = `book-${(proposed += 1)}`;
    const sha = await town.commit(head, { "book/book.spec": RECIPE }, head);
    await rest.pulls.create({ owner, repo, title: head, head, base });
    return runOf(world.stack, sha);
  };
  const logOf = async (run: Run): Promise<string> => {
    const stage = run.jobs.find(({ recipe }) => recipe.name === "book")?.build ?? "";
    const attempt = attemptId({ run: run.id, stage, attempt: 1 });
    return (await fetch(`${world.stack.logsUrl}/${logKey(attempt)}`)).text();
  };

  test("what is published in the lower one is there to build with, the newest, signed, and bound to its snapshot", async () => {
    const run = await propose("home");
    const log = await logOf(run);
    expect(log).toContain("from layers:\n");
    expect(log).toMatch(/wisdom-devel-4-1\S*\.noarch/);
    expect(isGreen(run)).toBe(true);
    const [layer, ...others] = run.jobs.find(({ recipe }) => recipe.name === "book")?.layers ?? [];
    expect(others).toEqual([]);
    expect(layer).toMatchObject({ channel: "devel", snapshot: 2 });
    const place = `${world.stack.mirrorUrl}/${owner}/${repo}/devel/debian-12/snapshots/000002`;
    const repomd = await (await fetch(`${place}/repodata/repomd.xml`)).bytes();
    const digest = await crypto.subtle.digest("SHA-256", repomd);
    expect(Buffer.from(digest).toString("hex")).toBe(layer?.repomd);
  });

  test("of two that have it the upper one wins, though the lower one has a newer version", async () => {
    await publish("home", "3");
    const run = await propose("home");
    expect(await logOf(run)).toMatch(/wisdom-devel-3-1\S*\.noarch/);
    expect(isGreen(run)).toBe(true);
    const layers = run.jobs.find(({ recipe }) => recipe.name === "book")?.layers ?? [];
    expect(layers.map(({ channel, snapshot }) => `${channel} ${snapshot}`)).toEqual(["home 1", "devel 2"]);
  });

  test("without it the same recipe misses what it requires, by name", async () => {
    const run = await propose("main");
    expect(await logOf(run)).toContain("wisdom-devel >= 2 is needed by book");
    const built = run.stages.find(({ name }) => name.startsWith("build/book/"));
    expect(built?.state).toBe("failed");
    const { data } = await rest.checks.listForRef({ owner, repo, ref: run.trigger.sha });
    const told = data.check_runs.map(({ output }) => `${output.title} ${output.summary}`).join("\n");
    expect(told).toContain("wisdom-devel >= 2");
  });
});
