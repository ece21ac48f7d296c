import { describe, expect, test } from "vitest";
import { announceRelease } from "../../../src/flow/tell/announce-release.ts";
import { runId, runKey } from "../../../src/pipelines/run.ts";
import { announcing, documentOf, dying, leave, NUMBER, PAGE, published, RULES, TAG } from "../announcing.ts";
import { repo, SHA } from "../world.ts";

describe("a GitHub Release", () => {
  test("is made of the notes, and GitHub makes the tag where nobody did", async () => {
    const { town, announce, record } = announcing();
    await announce(await published(town));
    expect(town.github.releases).toMatchObject([{ tag: TAG, sha: SHA, name: `release ${NUMBER}` }]);
    expect(await record()).toMatchObject({ page: { url: PAGE } });
    const body = town.github.releases[0]?.body ?? "";
    for (const part of [
      "What changed since 20261120_01",
      "- `greet` `1.0-1` -> `1.1-1`",
      "2026-11-18 Maria Doe\n- Says ``` and @all",
      "sudo zypper addrepo 'https://mirror.example/acme/os/release/os-release-debian-12.repo'",
      `${"1".repeat(64)}  debian-12/greet-1.1-1.x86_64.rpm`,
      "Supported until 2027-12-31",
    ])
      expect(body).toContain(part);
    expect(body).not.toContain("maria@example.org");
  });

  test("stays as people wrote it, with the notes after their words", async () => {
    const { town, announce } = announcing();
    const there = { id: 5, tag: TAG, sha: SHA, name: "Five", body: "Thanks to\r\nall!", url: PAGE };
    town.github.releases.push({ ...there });
    await announce(await published(town));
    const [{ body, name }] = [town.github.releases[0]!];
    expect(name).toBe("Five");
    expect(body.startsWith("Thanks to\nall!\n\n<!-- millwright:release -->")).toBe(true);
  });

  test("is of the tag that asked for it", async () => {
    const { town, announce } = announcing();
    town.github.tags.set("v20261121_02-final", SHA);
    await announce(await published(town, NUMBER, "v20261121_02-final"));
    expect(town.github.releases.map(({ tag }) => tag)).toEqual(["v20261121_02-final"]);
  });

  test("is not made of a tag that names another commit", async () => {
    const { town, announce, record, writes } = announcing();
    town.github.tags.set(TAG, "f".repeat(40));
    await announce(await published(town));
    expect(writes()).toEqual([]);
    expect((await record())?.page).toMatchObject({ because: `${TAG} names another commit` });
  });

  test("is not made where the rules ask for none, and nothing is asked of GitHub for it", async () => {
    const { town, announce, record, writes } = announcing(RULES.replace(", githubRelease: true", ""));
    await announce(await published(town));
    expect(writes()).toEqual([]);
    expect((await record())?.page).toEqual({ at: expect.any(String) as string });
  });

  test("that the app may not write is told of, holds nothing up, and is tried with the next report", async () => {
    const { town, announce, record, letters, post } = announcing();
    const run = await published(town);
    town.github.state.noReleases = "Resource not accessible by integration";
    await announce(run);
    await post();
    expect((await record())?.page).toMatchObject({ because: "Resource not accessible by integration" });
    expect(letters).toHaveLength(1);
    town.github.state.noReleases = undefined;
    await announce(run);
    expect((await record())?.page).toMatchObject({ url: PAGE });
  });

  test("waits while GitHub takes no more writes, and the message comes again", async () => {
    const { town, announce, record } = announcing();
    town.github.state.limited = 60;
    const run = await published(town);
    await expect(announce(run)).rejects.toThrow("GitHub takes no more writes");
    town.github.state.limited = 0;
    await announce(run);
    expect((await record())?.page).toMatchObject({ url: PAGE });
  });

  test("is edited when a late arch changes what the release has", async () => {
    const { town, announce, writes } = announcing();
    const run = await published(town);
    await announce(run);
    const late = "results/late/";
    await leave(town, late, { ...documentOf(), changes: [] });
    const backfill = run.stages
      .filter(({ kind }) => kind === "publish")
      .map((stage) => ({
        ...stage,
        name: "backfill/release",
        prefix: late,
        endedAt: "2026-11-21T11:00:00Z",
      }));
    await announce({ ...run, stages: [...run.stages, ...backfill] });
    expect(writes()).toEqual([`writeRelease create ${TAG}`, `writeRelease update ${TAG}`]);
    expect(town.github.releases[0]?.body).toContain("Nothing but the number");
  });
});

describe("a mail to the lists", () => {
  test("tells of the release: what changed, how to get it, and its page", async () => {
    const { town, announce, letters, post } = announcing();
    await announce(await published(town));
    await post();
    expect(letters).toMatchObject([
      {
        to: ["devel@lists.example.org"],
        subject: `[acme/os] release ${NUMBER}`,
        messageId: `<release.1.release.${NUMBER}@example.org>`,
        inReplyTo: "<release.1.release@example.org>",
      },
    ]);
    for (const part of ["greet 1.0-1 -> 1.1-1", "os-release-debian-12.repo", PAGE, "2027-12-31"])
      expect(letters[0]?.text).toContain(part);
  });

  test("of a later release answers that of the first", async () => {
    const { town, announce, letters, post } = announcing();
    for (const number of [NUMBER, "20261122_01"]) {
      await announce(await published(town, number));
      await post();
    }
    expect(letters[1]).toMatchObject({
      subject: "[acme/os] release 20261122_01",
      inReplyTo: `<release.1.release.${NUMBER}@example.org>`,
      references: ["<release.1.release@example.org>", `<release.1.release.${NUMBER}@example.org>`],
    });
  });

  test("goes nowhere where no list is named", async () => {
    const { town, announce, letters, post } = announcing(RULES.slice(0, RULES.indexOf("notifications")));
    await announce(await published(town));
    await post();
    expect(letters).toEqual([]);
  });
});

describe("announced once", () => {
  test("however often it is reported", async () => {
    const { town, announce, letters, post, writes } = announcing();
    const run = await published(town);
    for (const _ of [1, 2, 3]) {
      await announce(run);
      await post();
    }
    expect(writes()).toEqual([`writeRelease create ${TAG}`]);
    expect(letters).toHaveLength(1);
  });

  test("whatever it died of, before or after any of its effects", async () => {
    for (const when of ["before", "after"] as const)
      for (const nth of [1, 2, 3, 4, 5]) {
        const { town, letters, post, writes, record } = announcing();
        const run = await published(town);
        await expect(announceRelease(dying(town, nth, when), run)).rejects.toThrow("crash");
        await announceRelease(town.ports, run);
        await post();
        expect([nth, when, writes(), letters.length]).toEqual([nth, when, [`writeRelease create ${TAG}`], 1]);
        expect(await record()).toMatchObject({ page: { url: PAGE }, mail: {} });
      }
  });

  test("by the report of its run, also if the first report fails", async () => {
    const { town, writes } = announcing();
    const run = await published(town);
    await town.ports.runs.create(runKey(run.id), { ...run, rev: 5 });
    town.github.broken.add("writeRelease");
    await expect(town.report(run.id)).rejects.toThrow("502 for writeRelease");
    expect((await town.run(run.id)).reported).toBe(0);
    town.github.broken.clear();
    await town.report(run.id);
    expect(writes()).toHaveLength(1);
    expect((await town.run(run.id)).reported).toBe(5);
  });

  test.each(["no JSON", "{}"])("what the publisher told as %s holds no report up", async (text) => {
    const { town, writes } = announcing();
    const run = await published(town);
    await town.ports.runs.create(runKey(run.id), { ...run, rev: 5 });
    await town.ports.blobs.put(`results/${run.id}/publish/release/1/release.json`, text);
    await town.report(run.id);
    expect([writes(), (await town.run(run.id)).reported]).toEqual([[], 5]);
    expect(town.logged).toContain("no release document");
  });

  test("nights are told of on the mirror alone", async () => {
    const { town, announce, record, letters, post } = announcing();
    const run = await published(town);
    const trigger = {
      kind: "nightly",
      channel: "release",
      branch: "main",
      sha: SHA,
      number: NUMBER,
    } as const;
    await announce({ ...run, id: runId(repo, trigger), trigger });
    await post();
    expect([await record(), letters]).toEqual([undefined, []]);
  });
});
