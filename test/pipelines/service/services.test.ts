import { array, assert, constantFrom, oneof, property, string } from "fast-check";
import { describe, expect, test } from "vitest";
import { readServices } from "../../../src/pipelines/service/services.ts";
import { cases } from "../../fuzz.ts";

const read = (inner: string) => readServices(`<services>\n${inner}\n</services>\n`);
const told = (inner: string) => read(inner).mistakes.map(({ line, sentence }) => `${line}: ${sentence}`);

test("services are read in their order, with their modes, parameters and places", () => {
  const text =
    '<services>\n<service name="set_version" mode="manual">\n<param name="version"> 1.0\n</param></service>\n</services>';
  const { services, mistakes } = readServices(text);
  expect(mistakes).toEqual([]);
  expect(services).toMatchObject([
    { name: "set_version", mode: "manual", when: "update", line: 2, params: { version: "1.0" } },
  ]);
  const [version] = services[0]?.written ?? [];
  expect(version).toMatchObject({ name: "version", value: "1.0", line: 3 });
  expect(text.slice(version?.from, version?.to)).toBe(" 1.0\n");
});

test.each([
  ["", "source"],
  ["trylocal", "source"],
  ["serveronly", "source"],
  ["buildtime", "build"],
  ["localonly", "update"],
  ["manual", "update"],
  ["disabled", "update"],
])("a service of mode %j runs for the %s", (mode, when) => {
  expect(read(`<service name="tar" mode="${mode}"/>`).services).toMatchObject([{ when }]);
});

describe("mistakes are told at their line", () => {
  test.each([
    [
      '<service name="format_spec_file"/>',
      '2: There is no service "format_spec_file" here; mode="manual" leaves it to people.',
    ],
    [
      '<service name="format_spec_file" mode="localonly"/>',
      '2: There is no service "format_spec_file" here.',
    ],
    ['<service name="tar_smc"/>', '2: There is no service "tar_smc" (tar_scm is probably meant) here.'],
    ['<service name="tar" mode="manuel"/>', '2: There is no mode "manuel" (manual is probably meant).'],
    ['<service nam="tar"/>', '2: A service has no attribute "nam" (name is probably meant).'],
    [
      '\n<service name="tar"><param nme="x">1</param></service>',
      '3: A parameter is written <param name="…">…</param>.',
    ],
    [
      '<service name="tar"><param name="obsinof">x</param></service>',
      '2: tar has no parameter "obsinof" (obsinfo is probably meant).',
    ],
    [
      '<service name="recompress">\n<param name="file">a</param></service>',
      "2: recompress: the parameter compression is missing.",
    ],
    [
      '<service name="set_version"><param name="version">1</param><param name="version">2</param></service>',
      '2: set_version: the parameter version is "2": it is given more than once.',
    ],
    ["<tar/>", '2: "tar" is no service.'],
    ["text", "1: Between services nothing but services may stand."],
    ['<service name="tar">text</service>', "2: Between parameters nothing but parameters may stand."],
  ])("%s", (inner, sentence) => {
    expect(told(inner)).toEqual([sentence]);
  });

  test("all of them, and each says what it stops", () => {
    const { mistakes } = read('<service name="a" mode="disabled"/>\n<service name="tar_scm"/>');
    expect(mistakes.map(({ line, when }) => [line, when])).toEqual([
      [2, "update"],
      [3, "source"],
      [3, "source"],
    ]);
  });
});

const isPlain = (slice: string) => !slice.includes("<") && !slice.includes("&");
const plain = (slice: string) => slice.replaceAll("\r\n", "\n").replaceAll("\r", "\n").trim();
const PATHS = new Set(["subdir", "filename", "extract"]);

test("whatever is written, it is read at once or refused at a line that is there", () => {
  const piece = constantFrom(
    "<services>",
    "</services>",
    '<service name="tar"',
    ' mode="manual"',
    "/>",
    ">",
    "</service>",
    '<param name="obsinfo">',
    "</param>",
    "<![CDATA[",
    "]]>",
    "<!--",
    "-->",
    "&amp;",
    "&#x41;",
    "&x;",
    "\n",
    "\r\n",
    "<?xml version='1.0'?>",
    "a",
  );
  const text = oneof(
    array(piece, { maxLength: 40 }).map((all) => all.join("")),
    string({ maxLength: 200 }),
  );
  assert(
    property(text, (text) => {
      const { services, mistakes } = readServices(text);
      const lines = text.split("\n").length;
      expect(mistakes.filter(({ line }) => line < 1 || line > lines)).toEqual([]);
      const misplaced = services
        .flatMap(({ written }) => written)
        .map(({ from, to, value }) => [text.slice(from, to), value] as const)
        .filter(([slice, value]) => slice.includes("</") || (isPlain(slice) && plain(slice) !== value));
      expect(misplaced).toEqual([]);
    }),
    { numRuns: cases() },
  );
});

test("no value of a service that is read could be an option or lead elsewhere", () => {
  const value = oneof(
    string(),
    constantFrom("--x", "../x", "/x", "a/../b", "a\nb", "ext::x", "file:///x", "a"),
  );
  const escaped = (text: string) =>
    text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll("]]>", "]]&gt;");
  const param = constantFrom("url", "subdir", "revision", "filename", "extract", "version", "match-tag");
  assert(
    property(param, value, (name, value) => {
      const params = { scm: "git", url: "https://x.example/y", [name]: value };
      const lines = Object.entries(params).map(
        ([key, text]) => `<param name="${key}">${escaped(text)}</param>`,
      );
      const { services } = read(`<service name="obs_scm">${lines.join("")}</service>`);
      const given = services.flatMap(({ params }) => Object.values(params).flat(2)).map(String);
      expect(given.filter((text) => text.startsWith("-") || /[\n\r\0]/.test(text))).toEqual([]);
      const paths = PATHS.has(name) && services.length > 0 ? [value] : [];
      expect(paths.filter((path) => path.startsWith("/") || path.split("/").includes(".."))).toEqual([]);
    }),
    { numRuns: cases() },
  );
});
