import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Octokit } from "@octokit/rest";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bucketOf } from "../../src/cli/runs.ts";
import { openWorld, type World } from "../../src/cli/world.ts";
import { dnfInstall, type Said } from "../../src/local/clients.ts";
import { Channel, channelKey, expiringKey } from "../../src/pipelines/pull-channel.ts";
import type { Run } from "../../src/pipelines/run.ts";
import { CACHE } from "../local/distribution/cache.ts";
import { compiled } from "../scenarios/compiled.ts";
import { NATIVE } from "./chapters.ts";
import { textOf } from "./mirror.ts";
import { runOf } from "./outcome.ts";
import { whyNoStory } from "./why-not.ts";

// The channel of a pull request on the whole stack: real doors, builds, keys in KMS, and dnf.
const skipped = whyNoStory();
const [owner, repo] = ["maria", "small"];
const PULL = 1;
const LONG_AGO = "2026-01-01T00:00:00.000Z";

const spec = (release: number, more = ""): string => `Name: small
Version: 1
Release: ${release}
Summary: Small
License: FSFAP
BuildArch: noarch
%description
Small.
${more}
%install
mkdir -p %{buildroot}/opt/small
echo ${release} > %{buildroot}/opt/small/text
%files
/opt/small
`;
const EXTRA = "%package extra\nSummary: More\n%description extra\nMore.\n%files extra\n";

/** Where the run's publish stage says that its channel is. */
function mirrorOf({ stages }: Run) {
  const facts = stages.find(({ kind }) => kind === "publish")?.facts ?? {};
  const repoUrl = facts["repository for debian-12"] ?? "";
  return { repoUrl, keyUrl: new URL("RPM-GPG-KEY-millwright", repoUrl).href };
}

describe.skipIf(skipped)(`${skipped ?? ""}pr/${PULL}`, { timeout: 600_000 }, () => {
  let dir: string;
  let world: World;
  let rest: Octokit["rest"];
  let roots = 0;

  const commit = (branch: string, text: string): Promise<string> =>
    world.github.admin.commit(owner, repo, {
      by: owner,
      branch,
      message: "Change",
      files: { "small.spec": text },
    });
  const over = (sha: string): Promise<Run> => runOf(world.stack, sha);
  const state = () => bucketOf(world.stack, "StateBucket");
  const objects = async () => {
    const listed = await bucketOf(world.stack, "MirrorBucket").list(`${owner}/${repo}/pr/`);
    return listed.map(({ key }) => key);
  };

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), "millwright-channel-"));
    world = await openWorld({
      dir: join(dir, "world"),
      cache: CACHE,
      arches: { [NATIVE]: "required" },
      compiled: await compiled(),
      log: () => undefined,
    });
    await world.roots.of(NATIVE);
    const { admin, apiUrl } = world.github;
    const maria = admin.createUser({ login: owner });
    await admin.createRepository({ owner, name: repo, files: { "README.md": "# Small\n" } });
    admin.protectBranch(owner, repo, "main");
    await admin.install(owner, [repo]);
    ({ rest } = new Octokit({ auth: maria.token, baseUrl: apiUrl }));
  }, 900_000);

  afterAll(async () => {
    await world?.close();
    await rm(dir, { recursive: true, force: true });
  }, 60_000);

  /** Into a fresh root that trusts one key alone: the channel's own, or that of another place. */
  async function install(run: Run, packages: readonly string[], trusted = mirrorOf(run)): Promise<Said> {
    const [repoFile, keyFile] = [join(dir, "it.repo"), join(dir, "it.key")];
    await writeFile(repoFile, await (await fetch(mirrorOf(run).repoUrl)).text());
    await writeFile(keyFile, await (await fetch(trusted.keyUrl)).text());
    return dnfInstall({ root: join(dir, `root-${(roots += 1)}`), repoFile, keyFile, packages });
  }

  /** The day has come on which the channel is to go. */
  async function letItBeDue(): Promise<void> {
    const [{ key } = { key: "" }] = await state().list(channelKey(idOf(), PULL));
    const channel = Channel.parse(JSON.parse(await textOf(world, "StateBucket", key)));
    expect(channel.expires).toBeDefined();
    await state().put(key, JSON.stringify({ ...channel, expires: LONG_AGO }));
    await state().put(expiringKey(LONG_AGO, channel), "");
    await world.stack.host.invoke("tend-calendar", {});
  }
  const idOf = (): number => world.github.admin.repository(owner, repo)?.id ?? 0;

  async function until(isSo: () => Promise<boolean>): Promise<void> {
    for (let waited = 0; waited < 120_000 && !(await isSo()); waited += 500) await pause(500);
    expect(await isSo()).toBe(true);
  }

  test("is published, replaced, closed, removed, opened again and merged, and dnf sees just that", async () => {
    const first = await commit("change", spec(1, EXTRA));
    await rest.pulls.create({ owner, repo, title: "Change", head: "change", base: "main" });
    const one = await over(first);
    expect((await install(one, ["small", "small-extra"])).code).toBe(0);

    const two = await over(await commit("change", spec(2)));
    expect((await install(two, ["small"])).code).toBe(0);
    expect((await install(two, ["small-extra"])).output).toContain("No match for argument: small-extra");

    await rest.pulls.update({ owner, repo, pull_number: PULL, state: "closed" });
    await until(async () => (await state().list("expiring/")).length > 0);
    expect((await install(two, ["small"])).code).toBe(0);
    await letItBeDue();
    expect(await objects()).toEqual([]);

    await rest.pulls.update({ owner, repo, pull_number: PULL, state: "open" });
    await until(async () => (await objects()).some((key) => key.endsWith("/mirrorlist")));
    const back = await over(two.trigger.sha);
    expect(back.stages.filter(({ kind }) => kind === "build").map(({ attempt }) => attempt)).toEqual([1]);
    expect((await install(back, ["small"])).code).toBe(0);

    const { data } = await rest.pulls.merge({ owner, repo, pull_number: PULL });
    const release = await over(data.sha);
    expect((await install(release, ["small"])).code).toBe(0);
    const refused = await install(back, ["small"], mirrorOf(release));
    expect(refused.output).toContain("Bad GPG signature");
    expect(refused.code).not.toBe(0);
    const other = await install(release, ["small"], mirrorOf(back));
    expect(other.output).toContain("Bad GPG signature");
    expect(await state().list("expiring/")).not.toEqual([]);
  });
});
