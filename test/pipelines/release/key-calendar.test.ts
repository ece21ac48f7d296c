import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Deployment } from "../../../src/pipelines/deployment.ts";
import {
  expiring,
  outlived,
  PlannedAttestationKey,
  PlannedKey,
  shipped,
  signing,
} from "../../../src/pipelines/release/key-calendar.ts";

const now = {
  name: "Acme",
  email: "os@acme.invalid",
  created: "2024-01-01T00:00:00Z",
  owner: "release team",
  purpose: "signs what is published",
  expires: "2026-12-31",
};
const next = {
  ...now,
  created: "2026-06-01T00:00:00Z",
  alias: "signing-2026",
  expires: "2029-12-31",
  shippedFrom: "2026-07-01",
  from: "2026-10-01",
};
const plan = PlannedKey.parse({ ...now, next });
const alone = PlannedKey.parse(now);
const endless = PlannedKey.parse({ name: "Acme", email: "os@acme.invalid", created: now.created });

const aliases = (keys: readonly { readonly alias?: string | undefined }[]) =>
  keys.map(({ alias = "signing" }) => alias);

describe("which keys are shipped, the one that signs first", () => {
  test.each([
    ["2026-06-30T23:59:59Z", ["signing"]],
    ["2026-07-01T00:00:00Z", ["signing", "signing-2026"]],
    ["2026-09-30T23:59:59Z", ["signing", "signing-2026"]],
    ["2026-10-01T00:00:00Z", ["signing-2026", "signing"]],
    ["2031-01-01T00:00:00Z", ["signing-2026", "signing"]],
  ])("at %s: %j", (at, keys) => {
    expect(aliases(shipped(plan, at))).toEqual(keys);
    expect(aliases([signing(plan, at)])).toEqual(keys.slice(0, 1));
  });

  test("without a next one: always the same", () => {
    expect(shipped(alone, "1999-01-01T00:00:00Z")).toEqual([alone]);
    expect(signing(alone, "2099-01-01T00:00:00Z")).toBe(alone);
  });
});

describe("an alarm is given 180 days before the end of the key that signs", () => {
  test.each([
    ["a key that is not followed", alone, "2026-07-03T23:59:59Z", undefined],
    ["a key that is not followed", alone, "2026-07-04T00:00:00Z", "2026-12-31"],
    ["a key that is not followed, and is over", alone, "2027-05-01T00:00:00Z", "2026-12-31"],
    ["a key that another one follows in time", plan, "2026-09-30T23:59:59Z", undefined],
    ["the next key, once it signs", plan, "2026-10-01T00:00:00Z", undefined],
    ["the next key, once it signs", plan, "2029-07-04T00:00:00Z", "2029-12-31"],
    ["a key that never ends", endless, "2099-01-01T00:00:00Z", undefined],
  ] as const)("%s (%#)", (...[_, key, at, expected]) => {
    expect(expiring(key, at)).toBe(expected);
  });
});

describe("what is signed is meant to be good for longer than its key", () => {
  test.each([
    ["its support ends before the key", alone, "2026-01-01T00:00:00Z", "2026-06-01", undefined],
    ["its support ends with the key", alone, "2026-01-01T00:00:00Z", "2026-12-31", undefined],
    ["its support ends after the key", alone, "2026-01-01T00:00:00Z", "2027-01-01", "2026-12-31"],
    ["180 days are left", alone, "2026-07-04T00:00:00Z", undefined, undefined],
    ["less than 180 days are left", alone, "2026-07-04T00:00:01Z", undefined, "2026-12-31"],
    ["another key signs by then", plan, "2026-10-01T00:00:00Z", "2029-01-01", undefined],
    ["another key will sign, but not this", plan, "2026-09-30T00:00:00Z", "2029-01-01", "2026-12-31"],
    ["the key never ends", endless, "2026-09-30T00:00:00Z", "2099-01-01", undefined],
  ] as const)("%s", (...[_, key, at, supportUntil, expected]) => {
    expect(outlived(key, { at, supportUntil })).toBe(expected);
  });
});

const day = fc
  .date({ min: new Date("2020-01-01T00:00:00Z"), max: new Date("2040-12-31T00:00:00Z"), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, "2026-01-01".length));

test("whatever plan is accepted: at no instant does a key sign that clients were not given 30 days before", () => {
  fc.assert(
    fc.property(fc.tuple(day, day, fc.option(day), day), ([shippedFrom, from, expires, today]) => {
      const asked = { ...next, shippedFrom, from, expires: "2041-01-01" };
      const { success, data } = PlannedKey.safeParse({ ...now, expires: expires ?? undefined, next: asked });
      if (!success) return;
      const at = `${today}T12:00:00.000Z`;
      const before = new Date(Date.parse(at) - 30 * 86_400_000).toISOString();
      expect(shipped(data, at)[0]).toBe(signing(data, at));
      expect(aliases(shipped(data, before))).toContain(aliases([signing(data, at)])[0]);
      // Nor was there a day on which the key that signs was over, if another one follows it.
      const last = signing(data, at).expires;
      expect(last === undefined || today <= last).toBe(true);
    }),
  );
});

test.each([
  ["is shipped too late", { shippedFrom: "2026-09-02" }],
  ["is shipped after it signs", { shippedFrom: "2026-10-02" }],
  ["signs only after the end of the one before", { from: "2027-01-01" }],
  ["is over before it signs", { expires: "2026-09-30" }],
])("a plan whose next key %s is none", (_, changes) => {
  expect(PlannedKey.safeParse({ ...now, next: { ...next, ...changes } }).success).toBe(false);
});

test("keys without any plan, as deployments had them, are planned keys", () => {
  const { shape } = Deployment.unwrap();
  expect(shape.key.parse(endless)).toEqual(endless);
  expect(PlannedAttestationKey.parse({ builder: "https://millwright.example/builders" })).toBeDefined();
});
