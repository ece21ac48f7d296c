import { describe, expect, test } from "vitest";
import { askRerun } from "../../../src/flow/obey/rerun.ts";
import { decideTag } from "../../../src/flow/decide/tag.ts";
import { obey } from "../../../src/flow/obey/obey.ts";
import { reviewKey } from "../../../src/bot/review/review.ts";
import { releaseKey } from "../../../src/pipelines/release/release.ts";
import { AT, NEXT, repo, SHA, SOURCE, sourced, type World, world, X86, ARM } from "../world.ts";

const CONFIG = "channels: { nightly: { branch: main, nightly: '02:00' }, release: { from: nightly } }\n";
const NUMBER = "20261121_01";
const TAG = `release/${NUMBER}`;
const NIGHTLY = `1/nightly/nightly/${NUMBER}`;
const PROMOTION = `1/promotion/release/${NUMBER}`;
const tagged = { kind: "tag-pushed", repo, tag: TAG } as const;

/** A nightly of one recipe, with all of its stages as they are told. */
async function nightly(state: "passed" | "running" = "passed"): Promise<World> {
  const made = world();
  made.github.files.set(".millwright.yml", CONFIG);
  made.github.branches.set("main", { sha: SHA, isProtected: true });
  await made.decide({ kind: "night-came", repo, channel: "nightly", night: "2026-11-21" });
  if (state === "passed") await made.passAll(NIGHTLY);
  made.github.tags.set(TAG, SHA);
  return made;
}

const says = (body: string, of: { by?: number; comment?: number } = {}) =>
  ({
    kind: "commented",
    repo,
    number: 7,
    comment: of.comment ?? 1,
    at: AT,
    by: { id: of.by ?? 12, login: "octocat" },
    body,
  }) as const;

const taken = (made: World): readonly string[] =>
  [...made.ports.blobs.all.keys()].filter((key) => key.startsWith("releases/1/release/"));

const checkAt = (made: World, sha: string) =>
  made.github.checks.find((one) => one.sha === sha && one.check.name === "millwright:release")?.check;

/** What the ledger says of a tag. */
let deliveries = 0;
const hear = async (made: World, tag = TAG) =>
  (await made.deliver(`guid-${(deliveries += 1)}`, { ...tagged, tag }))[0];

describe("a tag on an accepted nightly", () => {
  test("has the same jobs built again in the trusted zone, and published under the same number", async () => {
    const made = await nightly();
    // What the rules ask for by now does not matter.
    made.github.state.paths = ["greet.spec", "later.spec"];
    made.github.files.set(".millwright.yml", `targets: { debian-12: [x86_64] }\n${CONFIG}`);
    const verdict = await hear(made);
    expect(verdict?.because).toBe(`promotion of nightly ${NUMBER} to release`);
    const [tested, run] = [await made.run(NIGHTLY), await made.run(PROMOTION)];
    expect(run).toMatchObject({
      zone: "trusted",
      channel: "release",
      trigger: { kind: "promotion", sha: SHA, branch: "main", from: "nightly", number: NUMBER, tag: TAG },
      leave: { rule: "promotion" },
    });
    expect(run.jobs.map(({ name, tier }) => [name, tier])).toEqual(
      tested.jobs.map(({ name, tier }) => [name, tier]),
    );
    expect(run.stages.map(({ name }) => name)).toEqual([
      SOURCE,
      X86,
      ARM,
      "publish/release",
      "backfill/release",
    ]);
    const record = await made.ports.releases.read(releaseKey(1, "release", NUMBER));
    expect(record?.value).toMatchObject({
      from: "nightly",
      asked: `promotion of nightly ${NUMBER}`,
      inputs: { sha: SHA },
    });
  });

  test("is one check on its commit, and the build gets no suffix and takes nothing that has one", async () => {
    const made = await nightly();
    await made.ports.built.create(`built/trusted/1/greet.spec/debian-12/x86_64/debian/${"1".repeat(64)}`, {
      v: 1,
      from: "a nightly",
      prefix: "p/",
      files: [],
    });
    await hear(made);
    await sourced(made, PROMOTION);
    await made.dispatch("build-trusted-x86_64");
    expect((await made.stage(PROMOTION, X86)).facts).toBeUndefined();
    const manifest = made.ports.blobs.all.get(`manifests/results/${PROMOTION}/${X86}/1/manifest`);
    expect(new TextDecoder().decode(manifest)).toContain("\nsuffix -\n");
    await made.report(PROMOTION);
    expect(made.github.checks.filter(({ sha }) => sha === SHA).map(({ check }) => check.name)).toEqual([
      "millwright:release",
    ]);
  });

  test("is held against what was tested: packages that went or came are told on its check", async () => {
    const made = await nightly();
    await decideTag(made.ports, tagged);
    const files = (...names: readonly string[]) =>
      names.map((name) => ({ name, size: 1, sha256: "1".repeat(64) }));
    const told = async (shipped: ReturnType<typeof files>) => {
      for (const [run, built] of [
        [NIGHTLY, files(`greet-1.0-1.${NUMBER}.gaaaaaaa.x86_64.rpm`)],
        [PROMOTION, shipped],
      ] as const) {
        const was = await made.run(run);
        const stages = was.stages.map((stage) => ({
          ...stage,
          state: "passed" as const,
          files: stage.name === X86 ? built : [],
        }));
        made.ports.runs.all.set(`runs/${run}.json`, JSON.stringify({ ...was, stages, rev: was.rev + 1 }));
      }
      await made.report(PROMOTION);
      return checkAt(made, SHA)?.summary;
    };
    expect(await told(files("greet-1.0-1.x86_64.rpm"))).toContain("only the release suffix is gone");
    const other = await told(files("greet-1.1-1.x86_64.rpm"));
    expect(other).toContain("tested, not shipped: `greet-1.0-1.x86_64`");
    expect(other).toContain("shipped, not tested: `greet-1.1-1.x86_64`");
  });

  test("is once one promotion: by the push, by the GitHub Release, and by a command", async () => {
    const made = await nightly();
    await Promise.all([
      decideTag(made.ports, tagged),
      decideTag(made.ports, tagged),
      obey(made.ports, says(`/promote ${NUMBER}`)),
    ]);
    const first = await made.run(PROMOTION);
    await decideTag(made.ports, tagged);
    expect(await made.run(PROMOTION)).toEqual(first);
    expect(taken(made)).toEqual([releaseKey(1, "release", NUMBER)]);
  });

  test("that is cut off behind the number is laid out when it is heard again", async () => {
    const made = await nightly();
    await decideTag(made.ports, tagged);
    const before = await made.run(PROMOTION);
    made.ports.runs.all.delete(`runs/${PROMOTION}.json`);
    await decideTag(made.ports, tagged);
    expect(await made.run(PROMOTION)).toEqual(before);
  });

  test("that is moved afterwards stops the promotion, the new commit says so, and an alarm is raised", async () => {
    const made = await nightly();
    await decideTag(made.ports, tagged);
    made.github.tags.set(TAG, NEXT);
    expect((await hear(made))?.because).toContain("unmoved");
    expect((await made.stage(PROMOTION, SOURCE)).because).toContain(`${TAG} was moved`);
    expect(checkAt(made, NEXT)).toMatchObject({ conclusion: "failure" });
    expect(checkAt(made, NEXT)?.summary).toContain("was moved");
    // Which the deployment has an alarm for.
    expect(made.logged).toContain("tag moved");
  });
});

describe("a tag that may not promote takes no number, and its commit says why", () => {
  test.each<[string, (made: World) => void, RegExp]>([
    ["of another commit", ({ github }) => void github.tags.set(TAG, NEXT), /names `c{10}`, and/],
    ["of an unprotected branch", unprotected, /`main` is not protected any more/],
    ["of a commit that was pushed away", pushedAway, /cannot be reached from `main`/],
    ["to a channel without support", ended, /support of `release` ended on 2026-11-20/],
  ])("%s", async (_, change, because) => {
    const made = await nightly();
    change(made);
    await decideTag(made.ports, tagged);
    const check = checkAt(made, made.github.tags.get(TAG) ?? "");
    expect(check).toMatchObject({ conclusion: "failure", title: `Not promoted: ${NUMBER} of nightly` });
    expect(check?.summary).toMatch(because);
    expect(taken(made)).toEqual([]);
  });

  test("of a nightly that is not published yet; re-run after that, it promotes", async () => {
    const made = await nightly("running");
    await decideTag(made.ports, tagged);
    expect(checkAt(made, SHA)?.summary).toContain("was not published to `nightly`");
    await made.passAll(NIGHTLY);
    const externalId = checkAt(made, SHA)?.externalId ?? "";
    await askRerun(made.ports, { repo, externalId, sha: SHA });
    expect((await made.run(PROMOTION)).trigger.sha).toBe(SHA);
  });

  test("of no release, or of no number at all", async () => {
    const made = await nightly();
    for (const tag of ["release/20261121_09", "release/../../x"]) {
      made.github.tags.set(tag, SHA);
      expect((await hear(made, tag))?.because).toMatch(/^no promotion of nightly .* to release: known$/);
    }
    expect(checkAt(made, SHA)?.summary).toContain("there is no release");
    expect(taken(made)).toEqual([]);
  });

  test("but a tag that no channel listens to starts nothing and says nothing", async () => {
    const made = await nightly();
    made.github.tags.set("v1.0", SHA);
    expect((await hear(made, "v1.0"))?.because).toBe("no channel is promoted to by the tag v1.0");
    expect(made.github.checks).toEqual([]);
  });
});

function unprotected({ github }: World): void {
  github.branches.set("main", { sha: SHA, isProtected: false });
}
function pushedAway({ github }: World): void {
  github.branches.set("main", { sha: NEXT, isProtected: true });
  github.state.pushedAway.push(SHA);
}
function ended({ github }: World): void {
  github.files.set(
    ".millwright.yml",
    CONFIG.replace("from: nightly", "from: nightly, supportUntil: 2026-11-20"),
  );
}

describe("/promote", () => {
  const answered = async (made: World): Promise<string> => {
    const review = await made.ports.reviews.read(reviewKey(1, 7));
    return review?.value.answers.at(-1)?.said ?? "";
  };

  test("by a committer promotes, also on a pull request that is closed", async () => {
    const made = await nightly();
    made.github.pulls.set(7, made.github.pullOf({ number: 7, isOpen: false }));
    await obey(made.ports, says(`/promote ${NUMBER} release`));
    expect((await made.run(PROMOTION)).leave).toEqual({ rule: "promotion", by: "octocat" });
    expect(await answered(made)).toContain("`20261121_01` of `nightly` is promoted to `release`");
  });

  test("is explained by /why with the channel and the number", async () => {
    const made = await nightly();
    made.github.pulls.set(7, made.github.pullOf({ number: 7 }));
    await decideTag(made.ports, tagged);
    await obey(made.ports, says(`/why ${TAG}`));
    expect(await answered(made)).toMatch(/^Somebody promoted a release: .*`20261121_01` of `nightly`/);
    expect(await answered(made)).toContain("the gate let it pass");
  });

  test("by anybody else does not", async () => {
    const made = await nightly();
    made.github.pulls.set(7, made.github.pullOf({ number: 7 }));
    await obey(made.ports, says(`/promote ${NUMBER}`, { by: 99 }));
    expect(await answered(made)).toContain("only committers may do this");
    made.github.pulls.set(7, made.github.pullOf({ number: 7, isOpen: false }));
    await obey(made.ports, says(`/promote ${NUMBER}`, { by: 99, comment: 2 }));
    expect(await answered(made)).toContain("only committers may do this");
    expect(taken(made)).toEqual([]);
  });

  test("to a channel that is not there is answered with those that are", async () => {
    const made = await nightly();
    made.github.pulls.set(7, made.github.pullOf({ number: 7 }));
    await obey(made.ports, says(`/promote ${NUMBER} relase`));
    expect(await answered(made)).toContain("There is `release`");
    expect(taken(made)).toEqual([]);
  });
});
