import { describe, expect, test } from "vitest";
import { releaseKey } from "../../../src/pipelines/release/release.ts";
import {
  allPass,
  asked,
  CONFIG,
  FIRST,
  FOURTH,
  night,
  promoted,
  released,
  releasesIn,
  SECOND,
  THIRD,
} from "../release-world.ts";
import { AT, repo } from "../world.ts";

const back = (number: string) => `1/rollback/release/${number}`;

describe("/rollback", () => {
  test("publishes what the old release published, under the next number of the day", async () => {
    const town = await released();
    expect(await asked(town, `/rollback release ${FIRST}`)).toContain(
      `\`release\` goes back to \`${FIRST}\`, as \`${THIRD}\``,
    );
    const run = await town.run(back(THIRD));
    expect(run).toMatchObject({
      zone: "trusted",
      channel: "release",
      jobs: [],
      trigger: { kind: "rollback", of: FIRST, number: THIRD, branch: "main", sha: "11".padStart(40, "0") },
      leave: { rule: "rollback", by: "octocat" },
      stages: [{ name: "publish/release", pool: "publish", state: "ready" }],
    });
    await town.dispatch("publish");
    const manifest = town.ports.blobs.all.get(`manifests/results/${run.id}/publish/release/1/manifest`);
    expect(JSON.parse(new TextDecoder().decode(manifest))).toMatchObject({
      release: { number: THIRD, of: FIRST, asked: "rollback" },
      targets: [{ target: "debian-12", restore: 1, packages: [] }],
    });
  });

  test("is told on the old release's commit, with what clients do, and explained by /why", async () => {
    const town = await released();
    await asked(town, `/rollback release ${FIRST}`);
    await allPass(town, back(THIRD), 3);
    await town.report(back(THIRD));
    const check = town.github.checks.find(({ sha }) => sha === "11".padStart(40, "0"))?.check;
    expect(check).toMatchObject({
      name: "millwright:release",
      conclusion: "success",
      title: `Went back to ${FIRST}, as ${THIRD}`,
    });
    expect(check?.summary).toContain("zypper dup --allow-downgrade");
    expect(await asked(town, `/why release/${THIRD}`)).toMatch(/^Somebody took a channel back: .*octocat/);
  });

  test("is once one rollback, however often and by whomever it is asked", async () => {
    const town = await released();
    await Promise.all(["", " ", "  "].map((more) => asked(town, `/rollback release ${FIRST}${more}`)));
    const first = await town.run(back(THIRD));
    await asked(town, `/rollback release ${FIRST}`);
    expect(await town.run(back(THIRD))).toEqual(first);
    await allPass(town, back(THIRD), 3);
    expect(await asked(town, `/rollback release ${FIRST}`)).toContain(`brought back as \`${THIRD}\``);
    expect(releasesIn(town, "release")).toEqual([FIRST, SECOND, THIRD]);
  });

  test("can be taken back itself, and what it brought can be named by its number as well", async () => {
    const town = await released();
    await asked(town, `/rollback release ${FIRST}`);
    await allPass(town, back(THIRD), 3);
    await asked(town, `/rollback release ${SECOND}`);
    expect((await town.run(back(FOURTH))).trigger).toMatchObject({ of: SECOND });
    await allPass(town, back(FOURTH), 4);
    expect(await asked(town, `/rollback release ${THIRD}`)).toContain(`goes back to \`${FIRST}\``);
  });

  test("that failed is tried again when it is asked for again", async () => {
    const town = await released();
    await asked(town, `/rollback release ${FIRST}`);
    const of = { stage: "publish/release", attempt: 1, at: AT };
    await town.move(back(THIRD), { kind: "ended", as: "failed", because: "no", ...of });
    await asked(town, `/rollback release ${FIRST}`);
    expect(await town.stage(back(THIRD), "publish/release")).toMatchObject({ state: "ready", attempt: 2 });
    expect(releasesIn(town, "release")).toEqual([FIRST, SECOND, THIRD]);
  });

  test("of a release whose publication told nothing fails, and says so", async () => {
    const town = await released();
    for (const key of town.ports.blobs.all.keys())
      if (key.includes("/promotion/") && key.endsWith("published.json")) town.ports.blobs.all.delete(key);
    await asked(town, `/rollback release ${FIRST}`);
    await town.dispatch("publish");
    expect(await town.stage(back(THIRD), "publish/release")).toMatchObject({
      state: "failed",
      because: `Nothing is known of what release ${FIRST} had published.`,
    });
  });

  test("waits for nothing: while a promotion is on its way it is refused", async () => {
    const town = await released();
    await night(town, THIRD, 13);
    await asked(town, `/promote ${THIRD}`);
    expect(await asked(town, `/rollback release ${FIRST}`)).toContain(`\`${THIRD}\` is still on its way`);
  });

  test("is a committer's, also on a pull request that is closed", async () => {
    const town = await released();
    expect(await asked(town, `/rollback release ${FIRST}`, 99)).toContain("only committers may do this");
    town.github.pulls.set(7, town.github.pullOf({ number: 7, isOpen: false }));
    expect(await asked(town, `/rollback release ${FIRST}`, 99)).toContain("only committers may do this");
    expect(await asked(town, `/rollback release ${FIRST}`)).toContain("goes back to");
  });

  test.each([
    ["devel", FIRST, "names no channel `devel`"],
    ["release", FOURTH, `no release \`${FOURTH}\``],
    ["release", SECOND, `shows \`${SECOND}\` now`],
  ])("of %s to %s is refused", async (channel, number, because) => {
    const town = await released();
    expect(await asked(town, `/rollback ${channel} ${number}`)).toContain(because);
  });

  test("goes on after the end of a channel's support, and says that it ended", async () => {
    const town = await released();
    const ended = CONFIG.replace("from: nightly", "from: nightly, supportUntil: 2026-11-20");
    town.github.files.set(".millwright.yml", ended);
    expect(await asked(town, `/rollback release ${FIRST}`)).toContain("Its support ended on 2026-11-20");
  });
});

describe("after a rollback", () => {
  test("the number of it is nobody's in the channels above, and the next night takes another", async () => {
    const town = await released();
    await asked(town, `/rollback release ${FIRST}`);
    await allPass(town, back(THIRD), 3);
    await night(town, FOURTH, 14);
    expect(releasesIn(town, "nightly")).toEqual([FIRST, SECOND, THIRD, FOURTH]);
    const kept = await town.ports.releases.read(releaseKey(1, "nightly", THIRD));
    expect(kept?.value).toMatchObject({ keptFor: "release" });
    expect(await asked(town, `/promote ${THIRD}`)).toContain("there is no release");
    await promoted(town, FOURTH, 5);
    expect((await town.stage(`1/promotion/release/${FOURTH}`, "publish/release")).state).toBe("passed");
  });

  test("what is older than it is promoted no more", async () => {
    const town = await released();
    await night(town, THIRD, 13);
    await asked(town, `/rollback release ${FIRST}`);
    await allPass(town, back(FOURTH), 3);
    expect(await asked(town, `/promote ${THIRD}`)).toContain(`has \`${FOURTH}\` already`);
  });

  test("a nightly channel stays there until its branch changes", async () => {
    const town = await released();
    await asked(town, `/rollback nightly ${FIRST}`);
    await allPass(town, `1/rollback/nightly/${THIRD}`, 13);
    await town.decide({ kind: "night-came", repo, channel: "nightly", night: "unchanged" });
    expect(releasesIn(town, "nightly")).toEqual([FIRST, SECOND, THIRD]);
    await night(town, FOURTH, 14);
    expect(releasesIn(town, "nightly")).toContain(FOURTH);
    expect(await asked(town, `/promote ${THIRD}`)).toContain(`brought \`${FIRST}\` back to \`nightly\``);
  });
});
