import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  dueOf,
  goingOf,
  type Keeping,
  type Shelf,
  staying,
} from "../../../src/pipelines/release/retention.ts";
import { cases } from "../../fuzz.ts";

const day = (n: number): string => `2026-11-${String(n).padStart(2, "0")}T02:00:00.000Z`;

/** Five snapshots, one a day from the 1st on; the pointer names the fourth. */
const shelf: Shelf = {
  target: "leap",
  current: 4,
  snapshots: [1, 2, 3, 4, 5].map((number) => ({ number, at: day(number) })),
  releases: [],
};
const keeping: Keeping = { now: day(10), days: 7, pinned: new Set(), isSupported: false };
const stay = (changes: Partial<Shelf>, more: Partial<Keeping> = {}) =>
  Object.fromEntries(staying({ ...shelf, ...changes }, { ...keeping, ...more }));

describe("a snapshot stays", () => {
  test("while the pointer names it, or may come to", () => {
    expect(stay({}, { now: day(28) })).toEqual({ 4: "current", 5: "newer" });
  });

  test("for as many days as the rules say after another took its place", () => {
    expect(stay({}, { now: day(10) })).toEqual({ 3: "recent", 4: "current", 5: "newer" });
    expect(stay({}, { now: day(9) })).toMatchObject({ 2: "recent" });
  });

  test("as long as a committer wants its release kept", () => {
    const releases = [{ number: "20261101_01", snapshot: 1 }];
    expect(stay({ releases }, { pinned: new Set(["20261101_01"]) })).toMatchObject({ 1: "pinned" });
    expect(stay({ releases }, { pinned: new Set(["20261101_02"]) })).not.toHaveProperty("1");
  });

  test("as long as its release is supported", () => {
    const releases = [{ number: "20261101_01", snapshot: 1 }];
    expect(stay({ releases }, { isSupported: true })).toMatchObject({ 1: "supported" });
  });

  test("that is not the newest of its release goes, though the release is supported", () => {
    const releases = [{ number: "20261101_01", snapshot: 2 }];
    expect(stay({ releases }, { isSupported: true })).not.toHaveProperty("1");
  });
});

const KEYS = [
  "RPM-GPG-KEY-millwright",
  "os-nightly-leap.repo",
  "releases.json",
  "leap/mirrorlist",
  "leap/snapshots/000001/packages.jsonl.gz",
  "leap/snapshots/000001/repodata/repomd.xml",
  "leap/snapshots/000004/repodata/repomd.xml",
  "leap/pool/aa/old/greet.rpm",
  "leap/pool/aa/old/greet.rpm.sigstore.json",
  "leap/pool/bb/new/greet.rpm",
  "releases/20261101_01/leap/mirrorlist",
  "releases/20261104_01/leap/mirrorlist",
  "5.2/leap/pool/cc/other/channel.rpm",
];

describe("what goes", () => {
  const going = goingOf({
    keys: KEYS,
    needed: new Set(["leap/pool/bb/new/"]),
    staying: new Map([["leap", new Set([4])]]),
    gone: new Set(["20261101_01"]),
  });

  test("is what only snapshots need that go, addresses first and packages last", () => {
    expect(going).toEqual([
      "releases/20261101_01/leap/mirrorlist",
      "leap/snapshots/000001/repodata/repomd.xml",
      "leap/snapshots/000001/packages.jsonl.gz",
      "leap/pool/aa/old/greet.rpm",
      "leap/pool/aa/old/greet.rpm.sigstore.json",
    ]);
  });

  test("of a target whose pointer is not there is nothing", () => {
    const none = { keys: KEYS, needed: new Set<string>(), staying: new Map(), gone: new Set<string>() };
    expect(goingOf(none)).toEqual([]);
  });

  test("goes only when it was found a day ago as well", () => {
    const now = { at: day(10), keys: ["a", "b"] };
    expect(dueOf(undefined, now)).toEqual([]);
    expect(dueOf({ at: "2026-11-09T08:00:00.000Z", keys: ["a"] }, now)).toEqual([]);
    expect(dueOf({ at: day(9), keys: ["a", "c"] }, now)).toEqual(["a"]);
  });
});

test("whatever lies there, the current snapshot, pinned and supported releases stay", () => {
  const number = fc.integer({ min: 1, max: 12 });
  const name = fc.constantFrom("20261101_01", "20261102_01", "20261103_01");
  fc.assert(
    fc.property(
      fc.uniqueArray(number, { minLength: 1 }),
      fc.uniqueArray(fc.record({ number: name, snapshot: number }), { selector: (one) => one.number }),
      fc.record({ days: fc.integer({ min: 1, max: 9 }), isSupported: fc.boolean(), pin: name }),
      (numbers, releases, { days, isSupported, pin }) => {
        const current = numbers[0] ?? 1;
        const snapshots = numbers.map((n) => ({ number: n, at: day(n) }));
        const rules = { now: day(28), days, pinned: new Set([pin]), isSupported };
        const stays = staying({ target: "leap", current, snapshots, releases }, rules);
        expect(stays.get(current)).toBe("current");
        const wanted = releases.filter(
          (release) => numbers.includes(release.snapshot) && (isSupported || release.number === pin),
        );
        expect(wanted.filter(({ snapshot }) => !stays.has(snapshot))).toEqual([]);
      },
    ),
    { numRuns: cases() },
  );
});
