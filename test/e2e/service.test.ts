import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Octokit } from "@octokit/rest";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { clone } from "../../src/cli/git.ts";
import { openWorld, type World } from "../../src/cli/world.ts";
import { dnfInstall } from "../../src/local/clients.ts";
import { logKey } from "../../src/pipelines/log/log.ts";
import { attemptId } from "../../src/pipelines/stage.ts";
import { CACHE } from "../local/distribution/cache.ts";
import { compiled } from "../scenarios/compiled.ts";
import { NATIVE } from "./chapters.ts";
import { isGreen, mirrorOf, runOf } from "./outcome.ts";
import { whyNoStory } from "./why-not.ts";

// A packaging repository that holds a spec and a `_service`, and not one source.
const skipped = whyNoStory();
const [owner, repo] = ["maria", "served"];

const SPEC = `Name: saying
Version: 0
Release: 1
Summary: A saying
License: FSFAP
Source0: %{name}-%{version}.tar.xz
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

const service = (revision: string): string => `<services>
  <service name="obs_scm">
    <param name="scm">git</param>
    <param name="url">https://github.com/upstream/saying.git</param>
    <param name="revision">${revision}</param>
    <param name="versionformat">@PARENT_TAG@</param>
    <param name="versionrewrite-pattern">v(.*)</param>
  </service>
  <service name="set_version"/>
  <service name="tar" mode="buildtime"/>
  <service name="recompress" mode="buildtime">
    <param name="file">*.tar</param>
    <param name="compression">xz</param>
  </service>
</services>
`;

async function foundSaying({ github }: World): Promise<void> {
  const person = github.admin.createUser({ login: "upstream" });
  await github.admin.createRepository({ owner: person.login, name: "saying" });
  const work = await clone(`${github.url}/upstream/saying.git`, person);
  await work.git("checkout", "--quiet", "-B", "main");
  for (const version of ["v1.0", "v1.1"]) {
    await writeFile(join(work.dir, "saying"), `Patience, says ${version}.\n`);
    await work.commit(version);
    await work.git("tag", version);
  }
  await work.git("push", "--quiet", "origin", "main", "--tags");
  await work.remove();
}

describe.skipIf(skipped)(`${skipped ?? ""}a spec and its _service`, { timeout: 600_000 }, () => {
  let dir: string;
  let world: World;
  let rest: Octokit["rest"];

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), "millwright-service-"));
    world = await openWorld({
      dir: join(dir, "world"),
      cache: CACHE,
      arches: { [NATIVE]: "required" },
      compiled: await compiled(),
      log: () => undefined,
    });
    await world.roots.of(NATIVE);
    await foundSaying(world);
    const { admin, apiUrl } = world.github;
    const maria = admin.createUser({ login: owner });
    const files = { "saying/saying.spec": SPEC, "saying/_service": service("v1.0") };
    await admin.createRepository({ owner, name: repo, files });
    admin.protectBranch(owner, repo, "main");
    await admin.install(owner, [repo]);
    ({ rest } = new Octokit({ auth: maria.token, baseUrl: apiUrl }));
  }, 900_000);

  afterAll(async () => {
    await world?.close();
    await rm(dir, { recursive: true, force: true });
  }, 60_000);

  const propose = async (branch: string, text: string): Promise<string> => {
    const files = { "saying/_service": text };
    const sha = await world.github.admin.commit(owner, repo, { by: owner, branch, message: branch, files });
    await rest.pulls.create({ owner, repo, title: branch, head: branch, base: "main" });
    return sha;
  };

  test("one word changed in it updates the package, which dnf installs from the channel", async () => {
    const run = await runOf(world.stack, await propose("update", service("v1.1")));
    expect(isGreen(run)).toBe(true);
    const names = run.stages.flatMap(({ files }) => (files ?? []).map(({ name }) => name));
    expect(names.filter((name) => name.startsWith("saying-1.1-1") && name.endsWith(".rpm"))).toHaveLength(2);
    const mirror = mirrorOf(run);
    expect(mirror).toBeDefined();
    const { repoUrl = "", keyUrl = "" } = mirror ?? {};
    const [repoFile, keyFile] = [join(dir, "it.repo"), join(dir, "it.key")];
    await writeFile(repoFile, await (await fetch(repoUrl)).text());
    await writeFile(keyFile, await (await fetch(keyUrl)).text());
    const said = await dnfInstall({ root: join(dir, "root"), repoFile, keyFile, packages: ["saying"] });
    expect(said.output).toContain("saying-1.1-1");
    expect(said.code).toBe(0);
  });

  test("the same commit of upstream is fetched once, whoever asks for it", async () => {
    const again = `<!-- The same. -->\n${service("v1.1")}`;
    const run = await runOf(world.stack, await propose("again", again));
    expect(isGreen(run)).toBe(true);
    const source = run.stages.find(({ kind }) => kind === "source");
    const left = source?.files?.filter(({ name }) => name.startsWith("source-")) ?? [];
    expect(left).toHaveLength(1);
    const attempt = { run: run.id, stage: source?.name ?? "", attempt: 1 };
    const log = await (await fetch(`${world.stack.logsUrl}/${logKey(attemptId(attempt))}`)).text();
    expect(log).toMatch(/[0-9a-f]{40} was fetched before/);
  });

  test("a mistake in it is told at its line", async () => {
    const run = await runOf(
      world.stack,
      await propose("slip", service("v1.1").replace("revision", "revison")),
    );
    const source = run.stages.find(({ kind }) => kind === "source");
    expect(source?.state).toBe("failed");
    const { data } = await rest.checks.listForRef({ owner, repo, ref: run.trigger.sha });
    const told = data.check_runs.map(({ output }) => `${output.summary} ${output.text}`).join("\n");
    const sentence = 'obs_scm has no parameter "revison" (revision is probably meant).';
    expect(told).toContain(`saying/_service:5: ${sentence}`);
    const job = data.check_runs.find(({ name }) => name.startsWith("rpm:"));
    const remarks = await rest.checks.listAnnotations({ owner, repo, check_run_id: job?.id ?? 0 });
    expect(remarks.data).toMatchObject([{ path: "saying/_service", start_line: 5, message: sentence }]);
  });
});
