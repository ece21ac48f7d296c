import { expect, test } from "vitest";
import { supportOf } from "../../../src/flow/dispatch/support-of.ts";
import { having, pushRun } from "../../bot/sample.ts";
import { SHA, world } from "../world.ts";

const RULES = `channels:
  nightly: { branch: main, nightly: "02:00" }
  release: { from: nightly, supportUntil: 2027-12-31 }
`;
const of = { channel: "release", branch: "main", sha: SHA, number: "20261121_02" };

test.each([
  [{ kind: "promotion", from: "nightly", ...of } as const, { supportUntil: "2027-12-31" }],
  [{ kind: "rollback", of: "20261120_01", ...of } as const, { supportUntil: "2027-12-31" }],
  [{ kind: "nightly", ...of, channel: "nightly" } as const, {}],
  [{ kind: "promotion", from: "nightly", ...of, channel: "other" } as const, {}],
])("of a run like %j the publisher is told %j", async (trigger, told) => {
  const town = world();
  town.github.files.set(".millwright.yml", RULES);
  expect(await supportOf(town.ports, { ...having(pushRun, {}), trigger })).toEqual(told);
});
