import { performance } from "node:perf_hooks";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readSpec, SPEC_CAP } from "../../../src/pipelines/spec/spec.ts";

const HEAD = "Name: hello\nVersion: 1.2\nRelease: 3%{?dist}\nURL: https://example.org/hello\n";

const valueIn = (preamble: string) => readSpec(`${HEAD}${preamble}\nSource0: %{it}`).sources[0];
const source = (value: string, before = "") => readSpec(`${HEAD}${before}\nSource0: ${value}`).sources[0];

test("a preamble is read with its positions", () => {
  const spec = readSpec(`${HEAD}BuildRequires:  gcc, make >= 4\nExclusiveArch: x86_64\n%package devel\n`);
  expect(spec.name).toMatchObject({ value: "hello", static: true, line: 1, column: 7 });
  expect(spec.release).toMatchObject({ value: "3%{?dist}", static: false, line: 3, column: 10 });
  expect(spec.buildRequires).toMatchObject([{ value: "gcc, make >= 4", line: 5, column: 17 }]);
  expect(spec.exclusiveArch).toMatchObject([{ value: "x86_64" }]);
  expect(spec.packages).toMatchObject([{ value: "hello-devel", static: true, line: 7, column: 1 }]);
  expect(spec.problems).toEqual([]);
});

describe("a value of Source0 is expanded as far as it can be known", () => {
  test.each([
    ["%{name}-%{version}.tar.gz", "", "hello-1.2.tar.gz", true],
    ["%name-%version.tar.gz", "", "hello-1.2.tar.gz", true],
    ["%{NAME}.tgz", "", "hello.tgz", true],
    ["%{url}/v%{version}.tgz", "", "https://example.org/hello/v1.2.tgz", true],
    ["100%%.tgz", "", "100%.tgz", true],
    ["a%", "", "a%", true],
    ["a%{nil}b%{?nil:c}", "", "abc", true],
    ["a%20b.tgz", "", "a%20b.tgz", true],
    ["%{?name}.tgz", "", "hello.tgz", true],
    ["%{!?name:x}.tgz", "", ".tgz", true],
    ["%{?!name:x}.tgz", "", ".tgz", true],
    ["%{?name:with-%{name}}.tgz", "", "with-hello.tgz", true],
    ["%{?nothing}.tgz", "", "%{?nothing}.tgz", false],
    ["%{!?nothing:x}.tgz", "", "%{!?nothing:x}.tgz", false],
    ["%{nothing}.tgz", "", "%{nothing}.tgz", false],
    ["%(echo hi).tgz", "", "%(echo hi).tgz", false],
    ["%{lua:print(1)}.tgz", "", "%{lua:print(1)}.tgz", false],
    ["%[1+1].tgz", "", "%[1+1].tgz", false],
    ["%{name:upper}", "", "%{name:upper}", false],
    ["%{open", "", "%{open", false],
    ["%{commit}", "%global commit abc", "abc", true],
    ["%{short}", "%global commit abc\n%global short %{commit}1", "abc1", true],
    ["%{late}", "%define late %{commit}\n%global commit abc", "abc", true],
    ["%{early}", "%global early %{commit}\n%global commit abc", "abc", true],
    ["%{braced}", "%define braced { a b }", " a b ", true],
    ["%{call}", "%define call(x) foo", "%{call}", false],
    ["%{gone}", "%define gone 1\n%undefine gone", "%{gone}", false],
    ["%{maybe}", "%if 1\n%define maybe 1\n%endif", "%{maybe}", false],
    ["%{maybe}", "%{!?maybe: %define maybe 1}", "%{maybe}", false],
    ["%{run}", "%global run %(id)", "%(id)", false],
    ["%{self}", "%define self %self", "%self", false],
  ])("%s after '%s' is %s (static: %s)", (...row) => {
    const [raw, before, value, isStatic] = row;
    expect(source(raw, before)).toMatchObject({ raw, value, static: isStatic });
  });
});

test("a macro used before its tag stays literal", () => {
  const [first] = readSpec("Source0: %{name}.tgz\nName: hello\n").sources;
  expect(first).toMatchObject({ value: "%{name}.tgz", static: false });
});

test("both branches of a condition are read and marked", () => {
  const spec = readSpec(`${HEAD}%if 0\nSource1: a\n%else\nSource1: b\n%endif\nSource2: c\n`);
  expect(spec.sources.map((one) => [one.value, one.conditional])).toEqual([
    ["a", true],
    ["b", true],
    ["c", false],
  ]);
});

test("a tag given under a condition gives its macro no known value", () => {
  const spec = readSpec("%if 0\nVersion: 1\n%else\nVersion: 2\n%endif\nSource: a-%{version}\n");
  expect(spec.sources[0]).toMatchObject({ value: "a-%{version}", static: false });
});

test("sources without numbers count on from the one before", () => {
  const spec = readSpec("Source: a\nSource: b\nSource7: c\nSource: d\nPatch: p\n%patchlist\nq\n# no\n\n r\n");
  expect(spec.sources.map((one) => one.number)).toEqual([0, 1, 7, 8]);
  expect(spec.patches).toMatchObject([
    { number: 0, value: "p" },
    { number: 1, value: "q", line: 7, column: 1 },
    { number: 2, value: "r", line: 10, column: 2 },
  ]);
});

test("tags of a subpackage and lines of a section are not those of the package", () => {
  const spec = readSpec(
    `${HEAD}%package doc\nVersion: 9\nBuildArch: noarch\nBuildRequires: tool\n%build\nSource9: no\nName: no\n`,
  );
  expect(spec.version?.value).toBe("1.2");
  expect(spec.buildArch).toEqual([]);
  expect(spec.buildRequires).toMatchObject([{ value: "tool" }]);
  expect(spec.sources).toEqual([]);
});

test("a tag inside of a lua block is no tag", () => {
  const spec = readSpec("%{lua:\nfor i = 1, 9 do\nprint('x')\nName: evil\nend\n}\nName: good\n");
  expect(spec.name).toMatchObject({ value: "good", line: 7 });
});

test("a definition goes on after a backslash", () => {
  expect(valueIn("%define it a\\\nb")).toMatchObject({ value: "a\nb", static: true });
});

test("a comment opens nothing", () => {
  expect(readSpec("# %{\nName: a\n").name?.value).toBe("a");
});

test("problems say what is wrong and where", () => {
  const spec = readSpec("Name: a\nName: b\nURL:\n%endif\n%include x\n%define\n%if 1\n%{lua:\nVersion: 1\n");
  expect(spec.problems.map((one) => [one.line, one.sentence])).toEqual([
    [2, "Name is given again; it stands in line 1 already."],
    [3, "URL has no value."],
    [4, "This %endif has no %if."],
    [5, "A file that %include names is not read."],
    [6, "This is not a definition that rpm reads."],
    [8, "A macro opens here and is never closed."],
    [7, "This %if has no %endif."],
    [1, "There is no release tag."],
  ]);
  expect(spec.version?.value, "reading goes on after the unclosed macro").toBe("1");
});

const timeOf = (action: () => unknown): number => {
  const started = performance.now();
  action();
  return performance.now() - started;
};

describe("hostile specs of a mebibyte are read in a time like that of an ordinary one", () => {
  const fill = (unit: string, head = HEAD) =>
    head + unit.repeat(Math.floor((SPEC_CAP - head.length) / unit.length));
  const doubled = Array.from({ length: 60 }, (_, i) => `%define d${i + 1} %{d${i}}%{d${i}}\n`).join("");
  const eager = doubled.replaceAll("%define", "%global");
  test.each([
    ["unclosed braces", fill("%{")],
    ["unclosed braces in lines", fill("%{\n")],
    ["unclosed braces in one value", fill("%{?name:", `${HEAD}Source0: `)],
    ["deep nesting", `${HEAD}Source0: ${"%{?name:".repeat(100_000)}${"}".repeat(100_000)}`],
    ["unclosed parentheses", fill("%(", `${HEAD}Source0: `)],
    ["macros that double", fill("Source: %{d60}\n", `${HEAD}%define d0 xx\n${doubled}`)],
    ["macros that double when defined", fill("Source: %{d60}\n", `${HEAD}%define d0 xx\n${eager}`)],
    ["a macro that calls itself", fill("Source: %{me}\n", `${HEAD}%define me %{me}%{me}\n`)],
    ["definitions", fill("%global a b\n")],
    ["lua loops", fill("%{lua:while true do end}\n")],
    ["letters without a colon", fill("a")],
    ["digits", fill("1", `${HEAD}Source`)],
    ["blanks", fill(" ", `${HEAD}%define`)],
    ["empty lines", fill("\n")],
    ["percent signs", fill("%", `${HEAD}Source0: `)],
    ["question marks", fill("?", `${HEAD}Source0: %`)],
    ["bangs inside braces", fill("%{!", `${HEAD}Source0: `)],
    ["conditions", fill("%if 1\n")],
    ["backslashes", fill("\\\n")],
  ])("%s", (_, text) => {
    expect(text.length).toBeLessThanOrEqual(SPEC_CAP);
    const ordinary = timeOf(() => readSpec(fill("Source: %{name}-1.tgz\n")));
    const hostile = timeOf(() => expect(readSpec(text).problems.length).toBeLessThanOrEqual(100));
    // A reader that looks at everything twice for each character takes tens of thousands of times as long.
    expect(hostile / ordinary).toBeLessThan(500);
  });
});

test("a spec above the cap is not read", () => {
  const spec = readSpec(`${HEAD}${" ".repeat(SPEC_CAP)}`);
  expect(spec.name).toBeUndefined();
  expect(spec.problems[0]?.sentence).toBe("The spec is larger than 1 MiB and is not read.");
});

const runs = { numRuns: Number(process.env["MILLWRIGHT_FUZZ"] ?? 2000) };

const piece = fc.oneof(
  fc.constantFrom("Name", "Version", "Source0", "Patch", "BuildRequires", ": ", "\n", " ", "\\", "\r\n"),
  fc.constantFrom("%", "%%", "%{", "%{?", "%{!?", "}", "%(", ")", "%[", "]", ":", "%global x ", "%define y "),
  fc.constantFrom(
    "x",
    "y",
    "name",
    "%if 1\n",
    "%else\n",
    "%endif\n",
    "%package ",
    "%prep\n",
    "%sourcelist\n",
  ),
  fc.string({ unit: "binary", maxLength: 5 }),
);
const hostile = fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join(""));

describe("of any text", () => {
  test("every value is what stands at its position", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const lines = text.split("\n");
        const spec = readSpec(text);
        for (const { raw, line, column } of [...spec.sources, ...spec.buildRequires]) {
          const [first = ""] = raw.split("\n");
          expect(lines[line - 1]?.slice(column - 1, column - 1 + first.length)).toBe(first);
        }
      }),
      runs,
    );
  });

  test("a value without a percent sign is static and itself, and one that is static holds no macro call", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const { sources } = readSpec(text);
        const plain = sources.filter((one) => !one.raw.includes("%"));
        expect(plain.filter((one) => !one.static || one.value !== one.raw)).toEqual([]);
        const known = text.includes("%%") ? [] : sources.filter((one) => one.static);
        expect(known.filter((one) => /%[{([]/.test(one.value))).toEqual([]);
      }),
      runs,
    );
  });

  test("reading twice gives the same", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(readSpec(text)).toEqual(readSpec(text));
      }),
      runs,
    );
  });
});
