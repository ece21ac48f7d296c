import { setTimeout as pause } from "node:timers/promises";
import type { Octokit } from "@octokit/rest";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { allRuns } from "../../src/cli/runs.ts";
import type { World } from "../../src/cli/world.ts";
import { isClosed } from "../../src/pipelines/next.ts";
import type { Run } from "../../src/pipelines/run.ts";
import { client, ostree } from "../publish/ostree/kit.ts";
import { lackOf, testKey } from "../publish/kit.ts";
import { NATIVE } from "./chapters.ts";
import { settled, type Settled } from "./settled.ts";
import { whyNoStory } from "./why-not.ts";

// A tree's nights on the whole stack: real doors, a composer without powers, keys in KMS, and a client of ostree's own.
const skipped = whyNoStory() ?? lackOf("ostree");
const [owner, repo] = ["maria", "host"];
const REF = `acme/nightly/${NATIVE}`;
const MINUTES = 10;

/** The distribution has a kernel for one arch: trees without one cannot be deployed. */
const KERNEL = NATIVE === "x86_64" ? ["kernel"] : [];
const tried = (upgrade: string): string => (KERNEL.length > 0 ? upgrade : "no kernel");

const treefile = (...packages: readonly string[]): string =>
  `ref: acme/nightly/\${basearch}\nrepos: [debian-12]\ninclude: common.yaml\npackages: [${packages.join(", ")}]\n`;
const FILES = {
  ".millwright.yml": 'channels:\n  nightly: { branch: main, nightly: "00:00" }\n',
  "os/common.yaml": "packages:\n  - bash\n",
  "os/treefile.yaml": treefile("coreutils", ...KERNEL),
};

describe.skipIf(skipped)(`${skipped || ""}a tree at night`, { timeout: 900_000 }, () => {
  let town: Settled;
  let world: World;
  let rest: Octokit["rest"];

  /** The night of this number, when it is over. */
  async function night(number: number): Promise<Run> {
    for (let waited = 0; waited < MINUTES * 60; waited += 1) {
      const runs = await allRuns(world.stack);
      const run = runs.find(
        ({ trigger }) => trigger.kind === "nightly" && trigger.number.endsWith(`_0${number}`),
      );
      if (run && isClosed(run)) return run;
      await pause(1000);
    }
    throw new Error(`night ${number} has not come to its end`);
  }
  /** What did not pass, and why. */
  const wrongIn = ({ stages }: Run) =>
    stages
      .filter(({ state }) => state !== "passed")
      .map(({ name, state, because }) => ({ name, state, because }));

  /** How the upgrade to the night's tree went, by its check. */
  const upgradeIn = ({ stages }: Run) => stages.find(({ kind }) => kind === "check")?.facts?.["upgrade"];

  beforeAll(async () => {
    town = await settled({ owner, repo, files: FILES });
    ({ world, rest } = town);
  }, 900_000);
  afterAll(() => town?.close(), 60_000);

  test("is composed, follows itself when something changed, and stays where nothing did", async () => {
    await world.stack.host.invoke("tend-calendar", {});
    const one = await night(1);
    expect(wrongIn(one)).toEqual([]);
    expect(one.jobs.map(({ name }) => name)).toEqual([`tree:os:debian-12-${NATIVE}`]);

    expect(upgradeIn(one)).toBe(tried("nothing"));

    const url = `${world.stack.mirrorUrl}/${owner}/${repo}/nightly`;
    const certificate = await (await fetch(`${url}/RPM-GPG-KEY-millwright`)).text();
    const reader = await client(town.dir, { url, certificate });
    const first = await reader.pull(REF);
    expect(await reader.read("/usr/share/millwright/packages", REF)).toMatch(/^bash-5/m);
    const number = one.trigger.kind === "nightly" ? one.trigger.number : "";
    const version = await ostree("show", `--repo=${reader.repo}`, "--print-metadata-key=version", first);
    expect(version).toBe(`'${number}'`);

    await town.commit("more", { "os/treefile.yaml": treefile("coreutils", "sed", ...KERNEL) }, "Add sed");
    const pull = await rest.pulls.create({ owner, repo, title: "Add sed", head: "more", base: "main" });
    await rest.pulls.merge({ owner, repo, pull_number: pull.data.number });
    const say = () =>
      rest.issues.createComment({ owner, repo, issue_number: pull.data.number, body: "/nightly" });
    await say();
    const two = await night(2);
    expect(wrongIn(two)).toEqual([]);
    expect(upgradeIn(two)).toBe(tried("tree"));
    const second = await reader.pull(REF);
    expect(second).not.toBe(first);
    expect(await ostree("rev-parse", `--repo=${reader.repo}`, `${second}^`)).toBe(first);
    expect(await reader.read("/usr/share/millwright/packages", REF)).toMatch(/^sed-/m);
    const deltas = await ostree("remote", "summary", `--repo=${reader.repo}`, "acme");
    expect(deltas).toContain(`${first}-${second}`);

    await say();
    const three = await night(3);
    expect(wrongIn(three)).toEqual([]);
    expect(upgradeIn(three)).toBe("unchanged");
    expect(three.stages.find(({ kind }) => kind === "build")?.facts).toMatchObject({
      "unchanged since": second,
    });
    expect(await reader.pull(REF)).toBe(second);

    const stranger = await client(town.dir, { url, certificate: (await testKey()).certificate });
    await expect(stranger.pull(REF)).rejects.toThrow(/signature/i);
  });
});
