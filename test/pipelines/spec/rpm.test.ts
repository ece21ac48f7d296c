import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { readSpec, sourceFile } from "../../../src/pipelines/spec/spec.ts";

const hasRpm = spawnSync("rpmspec", ["--version"]).status === 0;
const why = hasRpm ? "" : " (skipped, because rpmspec is not installed: apt-get install rpm)";

const HEAD = "Name: hello\nVersion: 1.2\nRelease: 3\nSummary: s\nLicense: MIT\nURL: https://example.org/h\n";

/** Words whose meaning needs no machine: nothing here runs anything. */
const word = fc.constantFrom(
  "a",
  "-",
  ".",
  "/",
  "x=",
  "%%",
  "%{name}",
  "%name",
  "%{version}",
  "%{url}",
  "%{?name}",
  "%{!?name:n}",
  "%{?version:v%{version}}",
  "%{one}",
  "%{two}",
  "%{?one:%{two}}",
  "%{late}",
  "%{!?one:%{two}}",
  "%20",
  "#/",
  "%{gone}",
  "%{nil}",
  "%{?nil:x}",
  "%name^",
  "%name.%version",
  "%{nowhere}",
  "%{?nowhere}",
  "%{!?nowhere:z}",
  "%{braced}",
  "%{nested}",
  "*",
  "#",
  "%?name",
  "%!?name",
  "}",
  "%{?nowhere:%{name}}",
  "%{?name:}",
  "%{ name}",
  "%{name }",
  "%{name:a}",
  "%-name",
  "%",
  "%{?!name:a}",
  "%{??name}",
  "%name_",
);
const DEFINITIONS = `%define late %{one}
%global one 1
%global two %{one}2
%define braced {b}
%define nested %{?two:n%{late}}
%define gone 1
%undefine gone
`;
const values = fc.array(
  fc.array(word, { minLength: 1, maxLength: 6 }).map((words) => `s${words.join("")}`),
  { minLength: 50, maxLength: 50 },
);

/** What rpm makes of the sources: their whole values, in order. */
function byRpm(dir: string, text: string): readonly string[] {
  const path = join(dir, "hello.spec");
  writeFileSync(path, text);
  const parsed = execFileSync("rpmspec", ["-P", path], { env: { PATH: process.env["PATH"], HOME: dir } });
  return [...parsed.toString().matchAll(/^Source\d+: (.*)$/gm)].map(([, value = ""]) => value);
}

test.skipIf(!hasRpm)(`a value that is called static is the one rpm knows${why}`, () => {
  const dir = mkdtempSync(join(tmpdir(), "spec-rpm-"));
  const numRuns = Math.max(5, Math.round(Number(process.env["MILLWRIGHT_FUZZ"] ?? 2000) / 200));
  let compared = 0;
  fc.assert(
    fc.property(values, (all) => {
      const lines = all.map((value, at) => `Source${at}: ${value}\n`).join("");
      const text = `${HEAD}${DEFINITIONS}${lines}%description\n`;
      const theirs = byRpm(dir, text);
      for (const { static: isStatic, value, number } of readSpec(text).sources) {
        const expected = isStatic ? theirs[number] : value;
        compared += Number(isStatic);
        expect(value).toBe(expected);
      }
    }),
    { numRuns },
  );
  rmSync(dir, { recursive: true });
  expect(compared).toBeGreaterThan(numRuns * 10);
});

test.skipIf(!hasRpm)(`a file is called as rpm calls it${why}`, () => {
  const dir = mkdtempSync(join(tmpdir(), "spec-rpm-"));
  const addresses = [
    "a/b.tgz",
    "get.php?f=b.tgz",
    "x=y/b.tgz",
    "v1.zip#/b.zip",
    "?f=/b.tgz",
    "a=b=c",
    "a%20b",
  ];
  const all = [...addresses.map((end) => `https://example.org/${end}`), "a=b.tgz", "c.tgz"];
  const lines = all.map((address, at) => `Source${at}: ${address}\n`).join("");
  const path = join(dir, "hello.spec");
  writeFileSync(path, `${HEAD}${lines}%description\n`);
  const format = ["-q", "--srpm", "--qf", "[%{SOURCE}\n]", path];
  const theirs = execFileSync("rpmspec", format).toString().trim().split("\n").toReversed();
  rmSync(dir, { recursive: true });
  expect(all.map(sourceFile)).toEqual(theirs);
});
