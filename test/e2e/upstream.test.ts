import { setTimeout as pause } from "node:timers/promises";
import type { Octokit } from "@octokit/rest";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { World } from "../../src/cli/world.ts";
import { isGreen, mirrorOf, runOf } from "./outcome.ts";
import { foundSaying, service, SPEC } from "./saying.ts";
import { settled, type Settled } from "./settled.ts";
import { whyNoStory } from "./why-not.ts";

// The upstream project gets a tag; what follows of it, up to people's machines.
const skipped = whyNoStory();
const [owner, repo] = ["maria", "watched"];

/** A service that runs for updates only. */
const PACKED = `  <service name="recompress" mode="manual">
    <param name="file">notes.txt</param>
    <param name="compression">gz</param>
  </service>
`;

describe.skipIf(skipped)(`${skipped ?? ""}an upstream's new release`, { timeout: 900_000 }, () => {
  let town: Settled;
  let world: World;
  let rest: Octokit["rest"];
  let upstream: Awaited<ReturnType<typeof foundSaying>>;
  let first: ReturnType<typeof mirrorOf>;

  beforeAll(async () => {
    town = await settled({
      owner,
      repo,
      files: { "README.md": "# Packages\n", ".millwright.yml": "updates: true\n" },
      contract: true,
      async first(world) {
        upstream = await foundSaying(world);
        await upstream.release("v1.0");
      },
    });
    ({ world, rest } = town);
    const packaging = {
      "saying/saying.spec": SPEC,
      "saying/_service": service("v1.0").replace("</services>", `${PACKED}</services>`),
      "saying/notes.txt": "Patience.\n",
    };
    first = mirrorOf(await runOf(world.stack, await town.commit("main", packaging, "saying 1.0")));
  }, 900_000);
  afterAll(() => town?.close(), 60_000);

  const openPulls = async () => (await rest.pulls.list({ owner, repo, state: "open" })).data;

  async function untilPull() {
    for (let waited = 0; waited < 60; waited += 0.5) {
      const [pull] = await openPulls();
      if (pull) return pull;
      await pause(500);
    }
    throw new Error("no pull request was opened");
  }

  /** What its services made is committed after the texts. */
  async function untilServed(pull_number: number, before: string): Promise<string> {
    for (let waited = 0; waited < 120; waited += 0.5) {
      const { data } = await rest.pulls.get({ owner, repo, pull_number });
      if (data.head.sha !== before) return data.head.sha;
      await pause(500);
    }
    throw new Error("what its services made was not committed");
  }

  test("is found by the calendar, proposed, its services run, built by its _service, merged and published; the old one stays installable", async () => {
    await upstream.release("v1.1");
    await world.stack.host.invoke("tend-calendar", {});
    const pull = await untilPull();
    expect(pull).toMatchObject({
      title: "saying: update to 1.1",
      user: { login: "millwright[bot]" },
      head: { ref: "millwright/update/saying" },
    });
    const head = await untilServed(pull.number, pull.head.sha);
    const { data: changed } = await rest.pulls.listFiles({ owner, repo, pull_number: pull.number });
    expect(changed.map(({ filename, additions, deletions }) => [filename, additions, deletions])).toEqual([
      ["saying/_service", 1, 1],
      ["saying/notes.txt", 0, 1],
      ["saying/notes.txt.gz", 0, 0],
    ]);
    const proposed = await runOf(world.stack, head);
    expect([proposed.leave, isGreen(proposed)]).toEqual([{ rule: "ownUpdate" }, true]);
    const { data: told } = await rest.pulls.get({ owner, repo, pull_number: pull.number });
    expect(told.body).not.toContain("run now");

    const { data: merged } = await rest.pulls.merge({ owner, repo, pull_number: pull.number });
    const run = await runOf(world.stack, merged.sha);
    expect(isGreen(run)).toBe(true);
    const keyUrl = first?.keyUrl ?? "";
    const newer = await town.install({ repoUrl: mirrorOf(run)?.repoUrl ?? "", keyUrl }, ["saying"]);
    expect([newer.code, newer.output]).toEqual([0, expect.stringContaining("saying-1.1-1")]);

    const { repoUrl = "" } = first ?? {};
    const snapshot = new URL("debian-12/snapshots/000001/", repoUrl).href;
    const older = await town.install({ baseurl: snapshot, keyUrl }, ["saying"]);
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
