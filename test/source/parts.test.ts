import { describe, expect, test } from "vitest";
import { readChecksums } from "../../src/source/checksums.ts";
import { careful, formsOf, visible } from "../../src/source/progress.ts";

const H256 = "a".repeat(64);
const H512 = "B".repeat(128);

test("checksums are read in both forms, with their lines", () => {
  const text = `# list\nSHA512 (a b.tgz) = ${H512}\n\n${H256}  c.tgz\n${H256} *d.tgz\r\nSHA256 (e) = ${H256}\n`;
  expect(readChecksums(text, "p/sources")).toEqual([
    { file: "a b.tgz", algorithm: "sha512", hex: "b".repeat(128), at: "p/sources:2" },
    { file: "c.tgz", algorithm: "sha256", hex: H256, at: "p/sources:4" },
    { file: "d.tgz", algorithm: "sha256", hex: H256, at: "p/sources:5" },
    { file: "e", algorithm: "sha256", hex: H256, at: "p/sources:6" },
  ]);
});

test("a digest alone speaks of the file it stands beside", () => {
  expect(readChecksums(H256, "a.sha256", "a")).toMatchObject([{ file: "a" }]);
});

describe("what proves nothing is refused with its line", () => {
  test.each([
    ["d41d8cd98f00b204e9800998ecf8427e  a.tgz", "only SHA256 and SHA512 count"],
    ["MD5 (a.tgz) = d41d8cd98f00b204e9800998ecf8427e", "only SHA256 and SHA512 count"],
    [`MD5 (a.tgz) = ${H256}`, "only SHA256 and SHA512 count"],
    [`SHA512 (a.tgz) = ${H256}`, "only SHA256 and SHA512 count"],
    [`SHA512 (a.tgz) = ${H512}0`, "only SHA256 and SHA512 count"],
    [H256, "this is no checksum"],
    ["SHA512 a.tgz", "this is no checksum"],
    ["hello", "this is no checksum"],
  ])("%s", (line, because) => {
    expect(() => readChecksums(`\n${line}\n`, "sources")).toThrow(`sources:2: ${because}`);
  });
});

test("a line of the log holds no secret in any form, and is one line", () => {
  const lines: string[] = [];
  const token = "ghs_a+b/c";
  const say = careful((line) => void lines.push(line), formsOf(token));
  for (const form of formsOf(token)) say(`before ${form} after`);
  say("one\ntwo\u001b[2K\u2028\u202e");
  expect(lines.slice(0, 3)).toEqual(Array.from({ length: 3 }, () => "before [secret] after"));
  expect(lines[3]).toBe("one\\u{a}two\\u{1b}[2K\\u{2028}\\u{202e}");
});

test("plain text stays as it is", () => {
  expect(visible("hällo 世界.tgz")).toBe("hällo 世界.tgz");
});
