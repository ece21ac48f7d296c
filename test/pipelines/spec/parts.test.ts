import { describe, expect, test } from "vitest";
import { dependencies, isAddress, sourceFile } from "../../../src/pipelines/spec/spec.ts";

describe("the file name of a source is the one rpm gives it", () => {
  test.each([
    ["hello.tar.gz", "hello.tar.gz"],
    ["https://example.org/a/hello.tar.gz", "hello.tar.gz"],
    ["https://example.org/archive/v1.zip#/hello-1.zip", "hello-1.zip"],
    ["https://example.org/get.php?file=hello.tgz", "hello.tgz"],
    ["https://example.org/get?name=/hello.tgz", "hello.tgz"],
    ["https://example.org/x=y/hello.tgz", "hello.tgz"],
    ["https://example.org/a=b=c", "c"],
    ["https://example.org/", ""],
    ["a=b.tgz", "a=b.tgz"],
  ])("%s is %s", (value, file) => {
    expect(sourceFile(value)).toBe(file);
  });
});

test("an address has a scheme", () => {
  expect(
    ["https://a/b", "ftp://a", "GIT+SSH://a", "a/b", "//a/b", "1://a", "file.tgz"].map(isAddress),
  ).toEqual([true, true, true, false, false, false, false]);
});

test("a list of BuildRequires is divided by commas and blanks", () => {
  expect(dependencies("gcc, make>=4 zlib-devel >= 1.2,(a if b) pkgconfig(x) = 3\n perl")).toEqual([
    { name: "gcc" },
    { name: "make>=4" },
    { name: "zlib-devel", version: { is: ">=", than: "1.2" } },
    { name: "(a if b)" },
    { name: "pkgconfig(x)", version: { is: "=", than: "3" } },
    { name: "perl" },
  ]);
});
