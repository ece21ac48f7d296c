import { expect, test } from "vitest";
import { asked, FIRST, night, released, THIRD } from "./release-world.ts";
import { ARM, X86 } from "./world.ts";

const RUN = `1/promotion/release/${THIRD}`;

async function ready() {
  const town = await released();
  await night(town, THIRD, 13);
  return town;
}

test("a security release is told as one: in the answer, on its check, and by /why", async () => {
  const town = await ready();
  const answer = await asked(town, `/promote ${THIRD} --security`);
  expect(answer).toContain("it goes before all others, and waits for no advisory arch");
  expect((await town.run(RUN)).trigger).toMatchObject({ kind: "promotion", security: true });
  await town.report(RUN);
  const check = town.github.checks.find(({ check: { externalId } }) => externalId === `${RUN}#`)?.check;
  expect(check?.summary).toContain("as a security release before all others");
  expect(await asked(town, `/why release/${THIRD}`)).toContain("as a security release before all others");
});

test("it is published when what is required is built, and the advisory arch follows", async () => {
  const town = await ready();
  await asked(town, `/promote ${THIRD} --security`);
  const passed = { kind: "passed", prefix: "p/", files: [], attempt: 1, at: town.ports.clock() } as const;
  await town.move(RUN, { ...passed, stage: "source/greet" }, { ...passed, stage: X86 });
  expect(await town.stage(RUN, "publish/release")).toMatchObject({ state: "ready" });
  expect(await town.stage(RUN, ARM)).toMatchObject({ state: "ready" });
  await town.move(RUN, { ...passed, stage: "publish/release" }, { ...passed, stage: ARM });
  expect(await town.stage(RUN, "backfill/release")).toMatchObject({ state: "ready" });
});

test("it goes through the same gate", async () => {
  const town = await ready();
  expect(await asked(town, `/promote ${FIRST} --security`)).not.toContain("goes before all others");
  expect(await asked(town, "/promote 20261121_09 --security")).toContain("there is no release");
});

test("what is on its way before it is stopped by a committer, until it is being published", async () => {
  const town = await ready();
  await asked(town, `/promote ${THIRD}`);
  expect(await asked(town, `/rollback release ${FIRST}`)).toContain(`/cancel release/${THIRD}`);
  expect(await asked(town, `/cancel release/${THIRD}`, 99)).toContain("only");
  expect((await town.stage(RUN, "source/greet")).state).toBe("ready");
  expect(await asked(town, `/cancel release/${THIRD}`)).toContain("does not come to `release`");
  expect((await town.run(RUN)).stages.map(({ state }) => state)).not.toContain("ready");
  expect(await asked(town, `/cancel release/${THIRD}`)).toContain("Nothing to stop");
  expect(await asked(town, `/rollback release ${FIRST}`)).toContain("goes back to");
  const back = "1/rollback/release/20261121_04";
  await town.dispatch("publish");
  expect(await asked(town, "/cancel release/20261121_04")).toContain("Too late");
  expect((await town.stage(back, "publish/release")).state).toBe("running");
});

test("of what was promoted before without it, the answer says so, and nothing is begun twice", async () => {
  const town = await ready();
  await asked(town, `/promote ${THIRD}`);
  const before = await town.run(RUN);
  expect(await asked(town, `/promote ${THIRD} --security`)).toContain("promoted before without `--security`");
  expect(await town.run(RUN)).toEqual(before);
});
