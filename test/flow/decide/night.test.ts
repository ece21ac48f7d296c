import { describe, expect, test } from "vitest";
import { decideNight } from "../../../src/flow/decide/night.ts";
import { tendNights } from "../../../src/flow/tend/nights.ts";
import { takeNumber } from "../../../src/flow/decide/take-number.ts";
import { NEXT, repo, SHA, type World, world } from "../world.ts";

const CONFIG = "channels: { devel: { branch: main }, nightly: { branch: main, nightly: '02:00' } }\n";
const event = { kind: "night-came", repo, channel: "nightly", night: "2026-11-21" } as const;
const id = (number: string) => `1/nightly/nightly/${number}`;

function town(): World {
  const made = world();
  made.github.files.set(".millwright.yml", CONFIG);
  made.github.branches.set("main", { sha: SHA, isProtected: true });
  made.github.state.repositories.push(repo);
  return made;
}

describe("a nightly channel's hour", () => {
  test("takes the day's first number and builds all of the branch in the trusted zone", async () => {
    const made = town();
    const outcome = await decideNight(made.ports, event);
    expect(outcome).toEqual({ because: "release 20261121_01", run: id("20261121_01") });
    expect(await made.run(id("20261121_01"))).toMatchObject({
      zone: "trusted",
      channel: "nightly",
      trigger: { kind: "nightly", sha: SHA, number: "20261121_01" },
      leave: { rule: "nightly" },
    });
  });

  test("that is told of twice, also after a push, is one release of one commit", async () => {
    const made = town();
    await decideNight(made.ports, event);
    made.github.branches.set("main", { sha: NEXT, isProtected: true });
    expect((await decideNight(made.ports, event)).run).toBe(id("20261121_01"));
    expect((await made.run(id("20261121_01"))).trigger.sha).toBe(SHA);
    expect([...made.ports.blobs.all.keys()].filter((key) => key.startsWith("releases/"))).toHaveLength(1);
  });

  test("gives no number where nothing changed since the last one that was published, and says so", async () => {
    const made = town();
    await decideNight(made.ports, event);
    const again = { ...event, night: "2026-11-22" };
    // Not published yet: it may have failed for want of a builder.
    expect((await decideNight(made.ports, again)).because).toBe("release 20261121_02");
    await made.passAll(id("20261121_02"));
    const third = await decideNight(made.ports, { ...event, night: "2026-11-23" });
    expect(third).toEqual({ because: "nothing changed since 20261121_02" });
    made.github.branches.set("main", { sha: NEXT, isProtected: true });
    expect((await decideNight(made.ports, { ...event, night: "2026-11-24" })).because).toBe(
      "release 20261121_03",
    );
  });

  test.each([
    ["of a branch that is not protected", { sha: SHA, isProtected: false }, CONFIG, "is not protected"],
    ["of a branch that is gone", undefined, CONFIG, "GitHub no longer has it"],
    ["of a channel that pushes feed", { sha: SHA, isProtected: true }, "", "is no nightly channel"],
    ["under broken rules", { sha: SHA, isProtected: true }, "chanels: {}\n", "has a mistake"],
  ])("%s leads to nothing, and takes no number", async (...[, head, config, because]) => {
    const made = town();
    made.github.files.set(".millwright.yml", config);
    made.github.branches.clear();
    if (head) made.github.branches.set("main", head);
    expect((await decideNight(made.ports, event)).because).toContain(because);
    expect([...made.ports.blobs.all.keys()].filter((key) => key.startsWith("releases/"))).toEqual([]);
  });

  test("is told once a day by the calendar, and only when its time of day has passed", async () => {
    const made = town();
    const ports = { ...made.ports, mirror: made.ports.blobs };
    await tendNights(ports);
    await tendNights(ports);
    expect(made.ports.events.sent).toEqual([{ v: 1, event }]);
    await tendNights({ ...ports, clock: () => "2026-11-22T01:59:00.000Z" });
    expect(made.ports.events.sent).toHaveLength(1);
    await tendNights({ ...ports, clock: () => "2026-11-22T02:00:00.000Z" });
    expect(made.ports.events.sent).toHaveLength(2);
  });

  test("does not let a push to its branch be published there", async () => {
    const made = town();
    await made.decide({ kind: "branch-pushed", repo, branch: "main" });
    expect((await made.run(`1/push/main/${SHA}`)).channel).toBe("devel");
  });
});

test("of twenty who race for a number each gets another one, and who asks twice gets the same", async () => {
  const made = town();
  const wanted = {
    v: 1,
    channel: "nightly",
    repo,
    at: "2026-11-21T10:00:00.000Z",
    branch: "main",
    inputs: { sha: SHA, jobs: [] },
  } as const;
  const asked = Array.from({ length: 20 }, (_, i) => `night ${i}`);
  const taken = await Promise.all(asked.map((one) => takeNumber(made.ports, { ...wanted, asked: one })));
  expect(new Set(taken.map(({ number }) => number)).size).toBe(20);
  const again = await Promise.all(asked.map((one) => takeNumber(made.ports, { ...wanted, asked: one })));
  expect(again.map(({ number }) => number)).toEqual(taken.map(({ number }) => number));
});
