import { expect, test } from "vitest";
import { matchesCron } from "../../../src/local/host/cron.ts";

// 2026-11-22 is a Sunday, EventBridge's day 1.
test.each([
  ["0 3 * * ? *", "2026-11-22T03:00:10Z", true],
  ["0 3 * * ? *", "2026-11-22T03:01:10Z", false],
  ["0/15 * * * ? *", "2026-11-22T10:45:00Z", true],
  ["0/15 * * * ? *", "2026-11-22T10:46:00Z", false],
  ["30 8-10 ? * MON-FRI *", "2026-11-23T09:30:00Z", true],
  ["30 8-10 ? * MON-FRI *", "2026-11-22T09:30:00Z", false],
  ["0 0 1,15 JAN,NOV ? *", "2026-11-15T00:00:00Z", true],
  ["0 0 1,15 JAN,NOV ? *", "2026-12-15T00:00:00Z", false],
  ["0 0 ? * 1 2026", "2026-11-22T00:00:00Z", true],
  ["0 0 ? * 1 2027", "2026-11-22T00:00:00Z", false],
])("cron(%s) at %s: %s", (fields, at, expected) => {
  expect(matchesCron(fields, new Date(at))).toBe(expected);
});

test("a schedule of five fields is Unix's, not EventBridge's", () => {
  expect(() => matchesCron("0 3 * * *", new Date())).toThrow(/six fields/);
});
