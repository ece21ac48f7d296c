import { setTimeout as pause } from "node:timers/promises";
import type { Octokit } from "@octokit/rest";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bucketOf } from "../../src/cli/runs.ts";
import type { World } from "../../src/cli/world.ts";
import type { Said } from "../../src/local/clients.ts";
import { Channel, channelKey, expiringKey } from "../../src/pipelines/pull-channel.ts";
import type { Run } from "../../src/pipelines/run.ts";
import { textOf } from "./mirror.ts";
import { mirrorOf as placeOf, runOf } from "./outcome.ts";
import { settled, type Settled } from "./settled.ts";
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

/** Where the run's publish stage says that its channel is; which it must. */
function mirrorOf(run: Run) {
  const place = placeOf(run);
  if (!place) throw new Error(`${run.id} published nothing`);
  return place;
}

describe.skipIf(skipped)(`${skipped ?? ""}pr/${PULL}`, { timeout: 600_000 }, () => {
  let town: Settled;
  let world: World;
  let rest: Octokit["rest"];

  const commit = (branch: string, text: string): Promise<string> =>
    town.commit(branch, { "small.spec": text });
  const over = (sha: string): Promise<Run> => runOf(world.stack, sha);
  const state = () => bucketOf(world.stack, "StateBucket");
  const objects = async () => {
    const listed = await bucketOf(world.stack, "MirrorBucket").list(`${owner}/${repo}/pr/`);
    return listed.map(({ key }) => key);
  };

  beforeAll(async () => {
    town = await settled({ owner, repo, files: { "README.md": "# Small\n" } });
    ({ world, rest } = town);
  }, 900_000);
  afterAll(() => town?.close(), 60_000);

  /** Into a fresh root that trusts one key alone: the channel's own, or that of another place. */
  const install = (run: Run, packages: readonly string[], trusted = mirrorOf(run)): Promise<Said> =>
    town.install({ repoUrl: mirrorOf(run).repoUrl, keyUrl: trusted.keyUrl }, packages);

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
