import { expect, test } from "vitest";
import { gate, sentence } from "../../src/publish/gate.ts";
import type { Candidate, Present } from "../../src/publish/gate.ts";
import type { Header } from "../../src/publish/header.ts";

const HEADER: Header = {
  name: "hello",
  epoch: "0",
  version: "1.0",
  release: "1",
  arch: "x86_64",
  source: false,
  nosource: false,
  signatures: [],
};

const content = (sha256: string) => ({ size: 9, sha256 });

interface Changes extends Omit<Partial<Candidate>, "header"> {
  readonly header?: Partial<Header>;
  readonly content?: string;
}

function candidate({ header, content: digest = "aa", ...changes }: Changes = {}): Candidate {
  return {
    job: "hello-leap-x86_64",
    run: "this run",
    arch: "x86_64",
    name: "hello-1.0-1.x86_64.rpm",
    expected: content(digest),
    actual: content(digest),
    ...changes,
    header: { ...HEADER, ...header },
  };
}

const onArm = (changes: Changes = {}): Candidate =>
  candidate({ job: "hello-leap-aarch64", arch: "aarch64", ...changes });

const judge = (candidates: readonly Candidate[], present: readonly Present[] = []) =>
  gate(candidates, { present });

const rules = (candidates: readonly Candidate[], present: readonly Present[] = []) =>
  judge(candidates, present).violations.map(({ rule }) => rule);

test("a sound package is admitted under the name its header gives", () => {
  const verdict = judge([candidate({ name: "../../etc/passwd" })]);
  expect(verdict.violations).toEqual([]);
  expect(verdict.admitted.map(({ nevra }) => nevra)).toEqual(["hello-1.0-1.x86_64"]);
});

test("a file with another digest than the record's is refused", () => {
  expect(rules([candidate({ actual: content("bb") })])).toEqual(["digest"]);
});

test("a file with another size than the record's is refused", () => {
  expect(rules([candidate({ actual: { size: 10, sha256: "aa" } })])).toEqual(["digest"]);
});

test("a file that rpm cannot read is refused", () => {
  expect(rules([{ ...candidate(), header: { unreadable: "not an rpm package" } }])).toEqual(["readable"]);
});

test("a package that somebody else has signed is refused", () => {
  expect(rules([candidate({ header: { signatures: ["RSAHEADER"] } })])).toEqual(["unsigned"]);
});

test.each(["", "-hello", "../hello", "a b", "hello\u0000", "h".repeat(129), "héllo"])(
  "the package name %j is refused",
  (name) => {
    expect(rules([candidate({ header: { name } })])).toEqual(["name"]);
  },
);

test("a package whose file name would be too long for a file system is refused", () => {
  const version = "1".repeat(100);
  expect(rules([candidate({ header: { version, release: version } })])).toEqual(["name"]);
});

test.each([
  { epoch: "(none)" },
  { epoch: "01" },
  { version: "" },
  { version: "1-2" },
  { version: "1/../2" },
  { release: "" },
  { release: "1 2" },
])("the epoch, version or release of %j is refused", (header) => {
  expect(rules([candidate({ header })])).toEqual(["version"]);
});

test("a package for another arch than its job's is refused", () => {
  expect(rules([candidate({ header: { arch: "i686" } })])).toEqual(["arch"]);
  expect(rules([onArm()])).toEqual(["arch"]);
});

test("a source package is taken as such, and refused if it leaves sources out", () => {
  const source = candidate({ header: { source: true } });
  expect(judge([source]).admitted.map(({ nevra }) => nevra)).toEqual(["hello-1.0-1.src"]);
  expect(rules([candidate({ header: { source: true, nosource: true } })])).toEqual(["whole-source"]);
});

test("two different files with one NEVRA are refused", () => {
  expect(rules([candidate(), candidate({ content: "bb" })])).toEqual(["one-content"]);
});

test("the same file offered twice is taken once", () => {
  expect(judge([candidate(), candidate()]).admitted).toHaveLength(1);
});

test("packages that differ in epoch alone are two packages", () => {
  const verdict = judge([candidate(), candidate({ content: "bb", header: { epoch: "1" } })]);
  expect(verdict.admitted.map(({ nevra }) => nevra)).toEqual(["hello-1.0-1.x86_64", "hello-1:1.0-1.x86_64"]);
});

test("a noarch package that every arch built is taken from the first arch", () => {
  const noarch = { arch: "noarch" };
  const verdict = judge([onArm({ header: noarch, content: "bb" }), candidate({ header: noarch })]);
  expect(verdict.violations).toEqual([]);
  expect(verdict.admitted.map(({ arch }) => arch)).toEqual(["x86_64"]);
});

test("a source package that every arch built is taken from the first arch", () => {
  const verdict = judge([
    onArm({ header: { source: true, arch: "aarch64" }, content: "bb" }),
    candidate({ header: { source: true } }),
  ]);
  expect(verdict.admitted.map(({ arch }) => arch)).toEqual(["x86_64"]);
});

test("one arch that brings two different noarch files with one NEVRA is refused", () => {
  const header = { arch: "noarch" };
  expect(rules([candidate({ header }), candidate({ header, content: "bb" })])).toEqual(["one-content"]);
});

test("a NEVRA that the channel has with the same content is nothing to do", () => {
  const verdict = judge([candidate()], [{ nevra: "hello-1.0-1.x86_64", unsigned: "aa", run: "old" }]);
  expect(verdict).toEqual({ admitted: [], known: ["hello-1.0-1.x86_64"], violations: [] });
});

test("a NEVRA that the channel has with other content is refused", () => {
  expect(rules([candidate()], [{ nevra: "hello-1.0-1.x86_64", unsigned: "bb", run: "this run" }])).toEqual([
    "not-taken",
  ]);
});

test("a noarch package of this run that a later arch brings again is nothing to do", () => {
  const late = [onArm({ header: { arch: "noarch" }, content: "bb" })];
  const present = { nevra: "hello-1.0-1.noarch", unsigned: "aa" };
  expect(judge(late, [{ ...present, run: "this run" }]).known).toEqual(["hello-1.0-1.noarch"]);
  expect(rules(late, [{ ...present, run: "another run" }])).toEqual(["not-taken"]);
});

test("one bad package keeps all others out, and every bad one is named", () => {
  const verdict = judge([
    candidate(),
    candidate({ name: "one.rpm", actual: content("bb") }),
    candidate({ name: "two\n.rpm", header: { name: "" } }),
  ]);
  expect(verdict.admitted).toEqual([]);
  expect(verdict.violations.map(sentence)).toEqual([
    '"one.rpm" is refused by the rule "digest": the record says 9 bytes with sha256 aa, the file is 9 bytes with sha256 bb.',
    '"two\\n.rpm" is refused by the rule "name": "" is not a name for a package and its file.',
  ]);
});
