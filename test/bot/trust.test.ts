import * as fc from "fast-check";
import { expect, test } from "vitest";
import { mayBuild, zoneOf } from "../../src/bot/trust.ts";

const YES = ["the author may write to this repository", "the config on the default branch trusts the author"];
const NO = "the author may not write here and the config does not trust them";

test.each([
  { canWrite: true, trusted: [], may: true, rule: YES[0] },
  { canWrite: true, trusted: [12], may: true, rule: YES[0] },
  { canWrite: false, trusted: [12], may: true, rule: YES[1] },
  { canWrite: false, trusted: [1, 12, 3], may: true, rule: YES[1] },
  { canWrite: false, trusted: [], may: false, rule: NO },
  { canWrite: false, trusted: [1, 2, 123, 120, 112], may: false, rule: NO },
])("author 12, may write: $canWrite, trusted: $trusted -> $may", ({ canWrite, trusted, may, rule }) => {
  expect(mayBuild({ author: 12, canWrite, trusted })).toEqual({ may, rule });
});

test("only the very id or the right to write gives leave; what merely looks like the id never does", () => {
  const id = fc.integer({ min: 1, max: 10 ** 9 });
  fc.assert(
    fc.property(
      id,
      fc.array(id),
      fc.boolean(),
      fc.integer({ min: 0, max: 9 }),
      (...[author, others, canWrite, digit]) => {
        const alike = [
          `${author}${digit}`,
          `${digit}${author}`,
          String(author).slice(1),
          String(author).slice(0, -1),
        ].map(Number);
        const trusted = [...others, ...alike];
        expect(mayBuild({ author, canWrite, trusted }).may).toBe(
          canWrite || trusted.some((one) => one === author),
        );
        const strangers = trusted.filter((one) => one !== author);
        expect(mayBuild({ author, canWrite: false, trusted: strangers }).may).toBe(false);
      },
    ),
  );
});

test("text is no id, whatever it says", () => {
  expect(mayBuild({ author: 12, canWrite: false, trusted: ["12"] as unknown as number[] }).may).toBe(false);
});

test.each([
  [{ isProtected: true }, "trusted"],
  [{ isProtected: false }, "untrusted"],
  [undefined, "untrusted"],
] as const)("a branch that is %j is %s", (branch, zone) => {
  expect(zoneOf(branch)).toBe(zone);
});
