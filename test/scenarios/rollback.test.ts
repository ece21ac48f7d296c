import { afterAll, beforeAll, expect, test } from "vitest";
import { nodeId } from "../../src/local/github/node-ids.ts";
import { shownAt } from "./checks.ts";
import { closed, until } from "./story.ts";
import { openTheatre, type Theatre } from "./theatre.ts";
import { foundVillage, SPEC, type Village } from "./village.ts";

let theatre: Theatre;

beforeAll(async () => {
  theatre = await openTheatre({ events: ["issue_comment"] });
});
afterAll(async () => {
  const dead = await theatre.state.deadLetters();
  await theatre.close();
  expect(dead).toBe(0);
});

const CONFIG = "channels:\n  nightly: { branch: main, nightly: '00:00' }\n  release: { from: nightly }\n";

/** All of the branch is built for the nightly channel, as the calendar says it; the number. */
async function night(home: Village, name: string): Promise<string> {
  const { id, owner, ownerId, repo } = home;
  const installation = (await theatre.github.admin.install(owner, [repo])).id;
  const facts = { installation, private: false, defaultBranch: "main" };
  const at = { id, node: nodeId("Repository", id), owner, ownerId, name: repo, ...facts };
  const event = { kind: "night-came", repo: at, channel: "nightly", night: name };
  const before = await theatre.state.keys("StateBucket", `runs/${id}/nightly/`);
  await theatre.state.send("EventsQueue", JSON.stringify({ v: 1, event }));
  const key = await until("the nightly", async () =>
    (await theatre.state.keys("StateBucket", `runs/${id}/nightly/`)).find((one) => !before.includes(one)),
  );
  const run = await closed(theatre, key.slice("runs/".length, -".json".length));
  return run.trigger.kind === "nightly" ? run.trigger.number : "";
}

/** What our comment on the pull request says, once it says this. */
const told = (home: Village, number: number, words: string): Promise<string> =>
  until(words, async () => {
    const at = { owner: home.owner, repo: home.repo, issue_number: number };
    const { data } = await home.octokit.rest.issues.listComments(at);
    return data.map(({ body }) => body ?? "").find((body) => body.includes(words));
  });

test("a channel goes back by a comment: what the old release published comes again under a number of its own", async () => {
  const files = { "greet.spec": SPEC, ".millwright.yml": CONFIG };
  const home = await foundVillage(theatre.github, { owner: "regretful", files });
  const at = { owner: home.owner, repo: home.repo };
  await home.commit("topic", { "README.md": "Notes\n" });
  const issue_number = await home.open("topic");
  const says = async (body: string) => home.octokit.rest.issues.createComment({ ...at, issue_number, body });

  const sha = (await home.octokit.rest.repos.getBranch({ ...at, branch: "main" })).data.commit.sha;
  const first = await night(home, "the first");
  await says(`/promote ${first}`);
  const good = await closed(theatre, `${home.id}/promotion/release/${first}`);
  await home.commit("main", { "greet.spec": SPEC.replace("1.0.0", "1.0.1") });
  const second = await night(home, "the second");
  await says(`/promote ${second} --security`);
  const bad = await closed(theatre, `${home.id}/promotion/release/${second}`);
  expect(bad.trigger).toMatchObject({ security: true });

  await says(`/rollback release ${first}`);
  await told(home, issue_number, `goes back to \`${first}\``);
  const number = `${second.slice(0, -2)}${String(Number(second.slice(-2)) + 1).padStart(2, "0")}`;
  const back = await closed(theatre, `${home.id}/rollback/release/${number}`);
  expect(back.stages.map(({ name, state }) => [name, state])).toEqual([["publish/release", "passed"]]);
  const check = await shownAt(home, sha, { name: "millwright:release", conclusion: "success" });
  expect(check.summary).toContain("dnf --refresh distro-sync");

  const { prefix } = good.stages.find(({ kind }) => kind === "publish") ?? {};
  const published = await theatre.state.text("StateBucket", `${prefix}published.json`);
  const manifest = await theatre.state.text(
    "StateBucket",
    `manifests/results/${back.id}/publish/release/1/manifest`,
  );
  const [target] = (JSON.parse(published ?? "{}") as { targets: { target: string; snapshot: string }[] })
    .targets;
  expect(JSON.parse(manifest ?? "{}")).toMatchObject({
    release: { number, of: first, asked: "rollback" },
    targets: [{ target: target?.target, restore: Number(target?.snapshot), packages: [] }],
  });
  const pointer = await theatre.state.text("MirrorBucket", "regretful/packages/release/pointer");
  expect(pointer?.trim()).toBe(back.id);

  await says(`/pin release ${first}`);
  await told(home, issue_number, "is kept until");
  expect(await theatre.state.keys("StateBucket", `pins/${home.id}/`)).toEqual([
    `pins/${home.id}/release/${first}`,
  ]);
}, 600_000);
