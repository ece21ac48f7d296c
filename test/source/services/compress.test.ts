import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Compression, compressionOf, packed, unpacked } from "../../../src/source/services/compress.ts";

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "compress-test-"));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const text = Array.from({ length: 20_000 }, (_, at) => `line ${at * at}`).join("\n");

describe("a file is packed and unpacked", () => {
  test.each<readonly [Compression, string]>([
    ["none", "a.tar"],
    ["gz", "a.tar.gz"],
    ["gz", "a.tgz"],
    ["bz2", "a.tar.bz2"],
    ["xz", "a.tar.xz"],
    ["zst", "a.tar.zst"],
  ])("by %s as %s, twice to the same bytes", async (how, name) => {
    const [plain, once, twice, back] = ["a.tar", `1${name}`, `2${name}`, "back"].map((one) => join(dir, one));
    await writeFile(plain!, text);
    await packed(plain!, once!, how);
    await packed(plain!, twice!, how);
    expect(await readFile(once!)).toEqual(await readFile(twice!));
    await unpacked(once!, back!, 10_000_000);
    expect(await readFile(back!, "utf8")).toBe(text);
    expect(compressionOf(name)).toEqual({ how, plain: "a.tar" });
  });
});

test("what grows too much is refused while it grows", async () => {
  const [bomb, packedBomb, into] = ["bomb", "bomb.xz", "into"].map((name) => join(dir, name));
  await writeFile(bomb!, Buffer.alloc(80 * 1024 * 1024));
  await packed(bomb!, packedBomb!, "xz");
  expect((await stat(packedBomb!)).size).toBeLessThan(20_000);
  await expect(unpacked(packedBomb!, into!, 2 ** 40)).rejects.toThrow("larger than 67108864 bytes");
  expect((await stat(into!)).size).toBeLessThanOrEqual(67_108_864);
});
