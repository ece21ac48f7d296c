import { expect, test } from "vitest";
import { withVersion } from "../../../src/pipelines/spec/version.ts";

const spec = (version: string, before = ""): string =>
  `${before}Name: hello\nVersion:        ${version}\nRelease: 1\n%package devel\nVersion: 7\n`;
const changed = (text: string) => {
  const result = withVersion(text, "2.0~rc1");
  return "text" in result ? result.text : result.sentence;
};

test("the value changes and every blank stays", () => {
  expect(changed(spec("1.0"))).toBe(spec("2.0~rc1"));
});

test("macros behind the version stay", () => {
  expect(changed(spec("1.0%{?suffix}"))).toBe(spec("2.0~rc1%{?suffix}"));
});

test("a version that is one macro changes where the macro is defined", () => {
  const own = (version: string) => `%global  real\t${version}\n`;
  expect(changed(spec("%{real}", own("1.0")))).toBe(spec("%{real}", own("2.0~rc1")));
  expect(changed(spec("%real", own("1.0")))).toBe(spec("%real", own("2.0~rc1")));
});

test("the version before it was made fit for rpm changes with it", () => {
  const define = (version: string) => `%define version_unconverted ${version}\n`;
  expect(changed(spec("1.0", define("1.0")))).toBe(spec("2.0~rc1", define("2.0~rc1")));
});

test.each([
  ["several macros", spec("%{major}.%{minor}")],
  ["a macro of somebody else", spec("%{real}")],
  ["a macro that is defined twice", spec("%{real}", "%global real 1\n%define real 2\n")],
  ["a macro that is computed", spec("%{real}", "%global real %(date)\n")],
])("a version of %s is not guessed at", (_, text) => {
  expect(changed(text)).toContain("write it out, or as one macro");
});

test("a spec without a version says so", () => {
  expect(changed("Name: hello\n")).toBe("The spec has no Version.");
});

test("line ends of Windows stay", () => {
  expect(changed(spec("1.0").replaceAll("\n", "\r\n"))).toBe(spec("2.0~rc1").replaceAll("\n", "\r\n"));
});
