import { expect, test } from "vitest";
import { goingImages, stayingReleases } from "../../../src/pipelines/release/retention-releases.ts";

const numbers = ["20261105_01", "20261104_01", "20261103_01", "20261102_01", "20261101_01"];
const at = (number: string): string => `2026-11-${number.slice(6, 8)}T02:00:00.000Z`;
const location = (number: string) => `https://mirror.example/acme/os/nightly/images/${number}/os.qcow2`;

/** Five releases, one a day; the newest is a rollback to the first. */
const releases = numbers.map((release, n) => ({
  release,
  at: at(release),
  images: [{ location: location(n === 0 ? "20261101_01" : release) }],
}));
const keeping = { now: "2026-11-12T02:00:00.000Z", days: 7, pinned: new Set<string>(), isSupported: false };
const keys = [...numbers.slice(1), "20261106_01"].flatMap((number) => [
  `images/${number}/os.qcow2`,
  `images/${number}/os.qcow2.sha256`,
]);
const folders = (going: readonly string[]) => [...new Set(going.map((key) => key.split("/")[1]))];

test("a release stays while it is the newest, pinned, supported, or was so for as long as the rules say", () => {
  const reasons = (more: Partial<typeof keeping>) =>
    stayingReleases(releases, { ...keeping, ...more }).map(({ release, because }) => `${release} ${because}`);
  expect(reasons({})).toEqual(["20261105_01 current"]);
  expect(reasons({ now: "2026-11-11T03:00:00.000Z" })).toEqual(["20261105_01 current", "20261104_01 recent"]);
  expect(reasons({ pinned: new Set(["20261102_01"]) })).toContain("20261102_01 pinned");
  expect(reasons({ isSupported: true })).toHaveLength(5);
});

test("images go with the releases that need them, and one that was brought back stays", () => {
  expect(folders(goingImages(keys, releases, keeping))).toEqual([
    "20261104_01",
    "20261103_01",
    "20261102_01",
  ]);
});

test("a pinned release keeps its images", () => {
  const pinned = new Set(["20261103_01"]);
  expect(folders(goingImages(keys, releases, { ...keeping, pinned }))).toEqual([
    "20261104_01",
    "20261102_01",
  ]);
});

test("images under a number that nobody was told of may be on their way, and stay", () => {
  expect(folders(goingImages(keys, releases, keeping))).not.toContain("20261106_01");
});

test("of images without releases the newest stay, those before them for some days, and names always", () => {
  const times = ["20261101T020000Z", "20261104T020000Z", "20261111T020000Z"];
  const there = [...times.map((time) => `images/${time}/os.qcow2`), "images/latest/os.qcow2"];
  expect(folders(goingImages(there, [], keeping))).toEqual(["20261101T020000Z"]);
});
