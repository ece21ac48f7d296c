import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Octokit } from "@octokit/rest";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { clone, type Person } from "../../src/cli/git.ts";
import { openWorld, type World } from "../../src/cli/world.ts";
import { dnfInstall } from "../../src/local/clients.ts";
import { CACHE } from "../local/distribution/cache.ts";
import { compiled } from "../scenarios/compiled.ts";
import { NATIVE } from "./chapters.ts";
import { isGreen, mirrorOf, runOf } from "./outcome.ts";
import { whyNoStory } from "./why-not.ts";

// The upstream project gets a tag; what follows of it, up to people's machines.
const skipped = whyNoStory();
const [owner, repo] = ["maria", "watched"];

const SPEC = `Name: saying
Version: 0
Release: 1
Summary: A saying
License: FSFAP
Source0: %{name}-%{version}.tar
BuildArch: noarch
%description
A saying.
%prep
%autosetup
%install
install -D -m 644 saying %{buildroot}%{_datadir}/saying/%{version}
%files
%{_datadir}/saying
`;

const SERVICE = `<services>
  <service name="obs_scm">
    <param name="scm">git</param>
    <param name="url">https://github.com/upstream/saying.git</param>
    <param name="revision">v1.0</param>
    <param name="versionformat">@PARENT_TAG@</param>
    <param name="versionrewrite-pattern">v(.*)</param>
  </service>
  <service name="set_version"/>
  <service name="tar" mode="buildtime"/>
</services>
`;

describe.skipIf(skipped)(`${skipped ?? ""}an upstream's new release`, { timeout: 900_000 }, () => {
  let dir: string;
  let world: World;
  let rest: Octokit["rest"];
  let upstream: Person;
  let first: ReturnType<typeof mirrorOf>;

  const tag = async (version: string): Promise<void> => {
    const work = await clone(`${world.github.url}/upstream/saying.git`, upstream);
    await work.git("checkout", "--quiet", "-B", "main");
    await writeFile(join(work.dir, "saying"), `Patience, says ${version}.\n`);
    await work.commit(version);
    await work.git("tag", version);
    await work.git("push", "--quiet", "origin", "main", "--tags");
    await work.remove();
  };

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), "millwright-upstream-"));
    world = await openWorld({
      dir: join(dir, "world"),
      cache: CACHE,
      arches: { [NATIVE]: "required" },
      contract: true,
      compiled: await compiled(),
      log: () => undefined,
    });
    await world.roots.of(NATIVE);
    const { admin, apiUrl } = world.github;
    upstream = admin.createUser({ login: "upstream" });
    await admin.createRepository({ owner: "upstream", name: "saying" });
    await tag("v1.0");
    const maria = admin.createUser({ login: owner });
    const files = { "README.md": "# Packages\n", ".millwright.yml": "updates: true\n" };
    await admin.createRepository({ owner, name: repo, files });
    admin.protectBranch(owner, repo, "main");
    await admin.install(owner, [repo]);
    ({ rest } = new Octokit({ auth: maria.token, baseUrl: apiUrl }));
    const packaging = { "saying/saying.spec": SPEC, "saying/_service": SERVICE };
    const sha = await admin.commit(owner, repo, {
      by: owner,
      branch: "main",
      message: "saying 1.0",
      files: packaging,
    });
    first = mirrorOf(await runOf(world.stack, sha));
  }, 900_000);

  afterAll(async () => {
    await world?.close();
    await rm(dir, { recursive: true, force: true });
  }, 60_000);

  const openPulls = async () => (await rest.pulls.list({ owner, repo, state: "open" })).data;

  async function untilPull() {
    for (let waited = 0; waited < 60; waited += 0.5) {
      const [pull] = await openPulls();
      if (pull) return pull;
      await pause(500);
    }
    throw new Error("no pull request was opened");
  }

  async function install(name: string, where: { readonly repoFile?: string; readonly baseurl?: string }) {
    const keyFile = join(dir, "it.key");
    await writeFile(keyFile, await (await fetch(first?.keyUrl ?? "")).text());
    return dnfInstall({ root: join(dir, name), ...where, keyFile, packages: ["saying"] });
  }

  test("is found by the calendar, proposed, built by its _service, merged and published; the old one stays installable", async () => {
    await tag("v1.1");
    await world.stack.host.invoke("tend-calendar", {});
    const pull = await untilPull();
    expect(pull).toMatchObject({
      title: "saying: update to 1.1",
      user: { login: "millwright[bot]" },
      head: { ref: "millwright/update/saying" },
    });
    const { data: changed } = await rest.pulls.listFiles({ owner, repo, pull_number: pull.number });
    expect(changed.map(({ filename, additions, deletions }) => [filename, additions, deletions])).toEqual([
      ["saying/_service", 1, 1],
    ]);
    const proposed = await runOf(world.stack, pull.head.sha);
    expect([proposed.leave, isGreen(proposed)]).toEqual([{ rule: "ownUpdate" }, true]);

    const { data: merged } = await rest.pulls.merge({ owner, repo, pull_number: pull.number });
    const run = await runOf(world.stack, merged.sha);
    expect(isGreen(run)).toBe(true);
    const repoFile = join(dir, "it.repo");
    await writeFile(repoFile, await (await fetch(mirrorOf(run)?.repoUrl ?? "")).text());
    const newer = await install("newer", { repoFile });
    expect([newer.code, newer.output]).toEqual([0, expect.stringContaining("saying-1.1-1")]);

    const { repoUrl = "" } = first ?? {};
    const snapshot = new URL("debian-12/snapshots/000001/", repoUrl).href;
    const older = await install("older", { baseurl: snapshot });
    expect([older.code, older.output]).toEqual([0, expect.stringContaining("saying-1.0-1")]);
  });

  test("is proposed no second time", async () => {
    await world.stack.host.invoke("tend-calendar", {});
    expect(await openPulls()).toEqual([]);
  });

  test("is nothing that GitHub's own description would not allow", () => {
    expect(world.github.violations()).toEqual({ request: [], response: [], webhook: [] });
  });
});
