import { expect, test } from "vitest";
import { layersKey, pointedAt, snapshotFile } from "../../src/pipelines/layer.ts";

test.each([
  ["https://mirror.example/acme/os/devel/debian-12/snapshots/000012/\n", 12],
  ["https://mirror.example/acme/os/devel/debian-12/snapshots/1000012/\n", 1_000_012],
  ["https://mirror.example/acme/os/devel/debian-12/snapshots/\n", undefined],
  ["https://mirror.example/12/\n", undefined],
  ["", undefined],
])("the pointer %j names snapshot %j", (text, number) => {
  expect(pointedAt(text)).toBe(number);
});

test("a snapshot's files are found by its number, six digits at least", () => {
  expect(snapshotFile(12, "snapshot.json")).toBe("snapshots/000012/snapshot.json");
});

test("other snapshots, other digests and another order make another key", () => {
  const layer = { channel: "devel", snapshot: 1, repomd: "a".repeat(64) };
  const other = { ...layer, channel: "release" };
  const all = [
    [layer],
    [{ ...layer, snapshot: 2 }],
    [{ ...layer, repomd: "b".repeat(64) }],
    [layer, other],
    [other, layer],
  ].map(layersKey);
  expect(new Set(all).size).toBe(all.length);
});
