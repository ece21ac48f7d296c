import { execFileSync, spawnSync } from "node:child_process";
import {
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rm,
  symlink,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { array, assert, asyncProperty, constantFrom, nat, record } from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { cases } from "../../fuzz.ts";
import { packCpio } from "../../../src/source/services/cpio.ts";
import { unpackCpio } from "../../../src/source/services/uncpio.ts";

const skipped =
  spawnSync("cpio", ["--version"]).status === 0 ? "" : "skipped, because cpio is not installed: ";

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "cpio-test-"));
  await mkdir(join(dir, "from/top/sub"), { recursive: true });
  await writeFile(join(dir, "from/top/odd"), "abc");
  await writeFile(join(dir, "from/top/sub/empty"), "");
  await writeFile(join(dir, "from/top/run"), "#!/bin/sh\n");
  await chmod(join(dir, "from/top/run"), 0o755);
  await symlink("../odd", join(dir, "from/top/sub/link"));
  await mkdir(join(dir, "into"));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const pack = async (name = "a.obscpio") => {
  await packCpio(join(dir, "from"), "top", { into: join(dir, name), mtime: 1_700_000_000 });
  return join(dir, name);
};

async function expectTree(root: string) {
  expect(await readFile(join(root, "top/odd"), "utf8")).toBe("abc");
  expect(await readFile(join(root, "top/sub/empty"), "utf8")).toBe("");
  expect(await readlink(join(root, "top/sub/link"))).toBe("../odd");
  expect((await lstat(join(root, "top/run"))).mode & 0o777).toBe(0o755);
}

test("what was packed is unpacked, and two packings are the same bytes", async () => {
  const archive = await pack();
  expect(await unpackCpio(archive, join(dir, "into"))).toEqual(["top"]);
  await expectTree(join(dir, "into"));
  expect(await readFile(await pack("b.obscpio"))).toEqual(await readFile(archive));
});

describe.skipIf(skipped !== "")(`${skipped}the cpio program`, () => {
  test("reads what was packed, with its time", async () => {
    const archive = await pack();
    execFileSync("cpio", ["-idm", "--quiet"], { cwd: join(dir, "into"), input: await readFile(archive) });
    await expectTree(join(dir, "into"));
    expect((await lstat(join(dir, "into/top/odd"))).mtimeMs).toBe(1_700_000_000_000);
  });

  test("writes what is unpacked, also with the directories last", async () => {
    const names = "./top/odd\n./top/run\n./top/sub/empty\n./top/sub/link\n./top/sub\n./top\n.\n";
    const archive = join(dir, "theirs.obscpio");
    await writeFile(
      archive,
      execFileSync("cpio", ["-o", "-H", "newc", "--quiet"], { cwd: join(dir, "from"), input: names }),
    );
    await unpackCpio(archive, join(dir, "into"));
    await expectTree(join(dir, "into"));
  });
});

/** An archive of members as they are told, with nothing judged. */
function archiveOf(
  ...members: readonly { name: string; mode?: number; text?: string; links?: number }[]
): Buffer {
  const all = [...members, { name: "TRAILER!!!", mode: 0 }].map(
    ({ name, mode = 0o100644, text = "", links = 1 }) => {
      const fields = [1, mode, 0, 0, links, 0, text.length, 0, 0, 0, 0, name.length + 1, 0];
      const head = `070701${fields.map((field) => field.toString(16).padStart(8, "0")).join("")}${name}\0`;
      const pad = (part: string) => part + "\0".repeat((4 - (part.length % 4)) % 4);
      return pad(head) + pad(text);
    },
  );
  return Buffer.from(all.join(""), "latin1");
}

describe("an archive that is not what it seems is refused, and nothing of it is written", () => {
  const link = { name: "out", mode: 0o120777, text: "../outside" };
  test.each([
    ["a path that climbs", archiveOf({ name: "../outside" }), "leads out"],
    ["a path from the root", archiveOf({ name: "/etc/outside" }), "leads out"],
    [
      "a file behind a link",
      archiveOf(link, { name: "out/file", text: "x" }),
      "below something that is no directory",
    ],
    ["a file in the place of a link", archiveOf(link, { name: "out", text: "x" }), "stands in it twice"],
    ["a link in the place of a directory", archiveOf({ name: "out/file" }, link), "stands in it twice"],
    ["a device", archiveOf({ name: "null", mode: 0o020666 }), "neither a file"],
    ["a hard link", archiveOf({ name: "hard", links: 2 }), "hard link"],
    [
      "an end in the middle",
      archiveOf({ name: "a", text: "x".repeat(1000) }).subarray(0, 300),
      "middle of a file",
    ],
    ["another format", Buffer.from("070707".padEnd(200, "0")), "newc"],
    ["a number that is none", Buffer.from("070701".padEnd(200, "z")), "a number in it"],
  ])("%s", async (_, archive, sentence) => {
    await writeFile(join(dir, "evil.obscpio"), archive);
    await expect(unpackCpio(join(dir, "evil.obscpio"), join(dir, "into"))).rejects.toThrow(sentence);
    await expect(lstat(join(dir, "outside"))).rejects.toThrow("ENOENT");
  });
});

test("whatever stands in an archive, nothing is written outside", async () => {
  const names = constantFrom("a", "a/b", "../out", "/out", "./a", ".", "a/../../out", "l", "l/x", "");
  const member = record({
    name: names,
    mode: constantFrom(0o100644, 0o040755, 0o120777, 0o020666),
    text: constantFrom("", "x", "../../out", "/tmp", "a"),
  });
  const flip = record({ at: nat(2000), to: nat(255) });
  await assert(
    asyncProperty(array(member, { maxLength: 6 }), array(flip, { maxLength: 3 }), async (members, flips) => {
      const archive = archiveOf(...members);
      for (const { at, to } of flips) if (at < archive.length) archive[at] = to;
      const root = await mkdtemp(join(dir, "root-"));
      await mkdir(join(root, "inner/into"), { recursive: true });
      await writeFile(join(root, "it"), archive);
      await unpackCpio(join(root, "it"), join(root, "inner/into")).catch(() => undefined);
      expect(await readdir(root)).toEqual(["inner", "it"]);
      expect(await readdir(join(root, "inner"))).toEqual(["into"]);
    }),
    { numRuns: Math.ceil(cases() / 50) },
  );
});
