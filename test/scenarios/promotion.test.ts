import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { nodeId } from "../../src/local/github/node-ids.ts";
import { shownAt } from "./checks.ts";
import { closed, until } from "./story.ts";
import { openTheatre, type Theatre } from "./theatre.ts";
import { foundVillage, SPEC, type Village } from "./village.ts";

let theatre: Theatre;

beforeAll(async () => {
  theatre = await openTheatre({ events: ["release"] });
});
afterAll(async () => {
  const dead = await theatre.state.deadLetters();
  await theatre.close();
  expect(dead).toBe(0);
});

const CONFIG =
  "channels:\n  nightly: { branch: main, nightly: '00:00' }\n  release: { from: nightly, tags: release/ }\n";

/** A nightly of the default branch, built and published. */
async function nightly(home: Village): Promise<{ readonly sha: string; readonly number: string }> {
  const at = { owner: home.owner, repo: home.repo };
  const sha = (await home.octokit.rest.repos.getBranch({ ...at, branch: "main" })).data.commit.sha;
  const night = new Date().toISOString().slice(0, "2026-11-21".length);
  const { id, owner, ownerId, repo: name } = home;
  const installation = (await theatre.github.admin.install(owner, [name])).id;
  const facts = { installation, private: false, defaultBranch: "main" };
  const repo = { id, node: nodeId("Repository", id), owner, ownerId, name, ...facts };
  // As the calendar says it, which would take its time.
  const event = { kind: "night-came", repo, channel: "nightly", night };
  await theatre.state.send("EventsQueue", JSON.stringify({ v: 1, event }));
  const [key = ""] = await until("the nightly", async () => {
    const keys = await theatre.state.keys("StateBucket", `runs/${id}/nightly/`);
    return keys.length > 0 && keys;
  });
  const tested = await closed(theatre, key.slice("runs/".length, -".json".length));
  expect(tested.trigger.sha).toBe(sha);
  const number = tested.trigger.kind === "nightly" ? tested.trigger.number : "";
  return { sha, number };
}

describe("a nightly that is accepted", () => {
  test("is promoted by a GitHub Release of its number: built again without suffix, published, and once", async () => {
    const home = await foundVillage(theatre.github, {
      owner: "released",
      files: { "greet.spec": SPEC, ".millwright.yml": CONFIG },
    });
    const at = { owner: home.owner, repo: home.repo };
    const { sha, number } = await nightly(home);

    // GitHub makes the tag, so that a push and a Release ask for the same.
    const tag_name = `release/${number}`;
    await home.octokit.rest.repos.createRelease({ ...at, tag_name, target_commitish: sha });
    const run = await closed(theatre, `${home.id}/promotion/release/${number}`);
    expect(run.zone).toBe("trusted");
    expect(run.stages.map(({ name, state }) => [name, state])).toContainEqual(["publish/release", "passed"]);
    const check = await shownAt(home, sha, { name: "millwright:release", conclusion: "success" });
    expect(check.summary).toContain("only the release suffix is gone");
    for (const [attempt, builds] of theatre.builds.of(run.id))
      expect([attempt, builds.size]).toEqual([attempt, 1]);
    const published = await theatre.state.text("MirrorBucket", "released/packages/release/pointer");
    expect(published?.trim()).toBe(run.id);

    // A tag of the same number elsewhere is refused where people see it.
    const other = await home.commit("side", { "README.md": "side\n" });
    const wrong = { ...at, ref: `refs/tags/release/${number.slice(0, -2)}99`, sha: other };
    await home.octokit.rest.git.createRef(wrong);
    await shownAt(home, other, { name: "millwright:release", conclusion: "failure" });
  });

  test("is not published if something else is built of it, before a committer has let that pass", async () => {
    const home = await foundVillage(theatre.github, {
      owner: "held",
      files: { "otherwise.spec": SPEC.replaceAll("greet", "otherwise"), ".millwright.yml": CONFIG },
    });
    const { sha, number } = await nightly(home);
    await home.octokit.rest.git.createRef({
      owner: home.owner,
      repo: home.repo,
      ref: `refs/tags/release/${number}`,
      sha,
    });
    const held = await shownAt(home, sha, { name: "millwright:release", conclusion: "action_required" });
    expect(held.summary).toContain("changed: file `/usr/bin/greet` of `greet-1.0.0-1.x86_64`");
    expect(await theatre.state.text("MirrorBucket", "held/packages/release/pointer")).toBeUndefined();
    await theatre.github.admin.pressButton(held.id, "accept", home.owner);
    const run = await closed(theatre, `${home.id}/promotion/release/${number}`);
    expect(run.stages.map(({ name, state }) => [name, state])).toContainEqual(["publish/release", "passed"]);
    expect(run.stages.flatMap(({ differs }) => differs?.accepted?.by ?? [])).toEqual([home.owner]);
    const published = await theatre.state.text("MirrorBucket", "held/packages/release/pointer");
    expect(published?.trim()).toBe(run.id);
  });
});
