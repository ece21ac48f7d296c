import { expect, test } from "vitest";
import { split } from "../../src/publish/elements.ts";
import { filesNamed, repomdXml } from "../../src/publish/repomd.ts";

const file = (kind: string) => ({
  path: `repodata/abc-${kind}.xml.gz`,
  size: 7,
  sha256: "1".repeat(64),
  head: 1,
  chunks: [],
  local: "",
  open: 70,
});
const files = { primary: file("primary"), filelists: file("filelists"), other: file("other") };

test("the index names each file with its digest and size, packed and not", () => {
  const xml = repomdXml(files, 1_772_600_767).toString();
  expect(xml).toContain("<revision>1772600767</revision>");
  expect(xml).toContain("<open-size>70</open-size>");
  expect(filesNamed(Buffer.from(xml))).toEqual(
    ["primary", "filelists", "other"].map((type) => ({
      type,
      href: `repodata/abc-${type}.xml.gz`,
      sha256: "1".repeat(64),
      size: 7,
    })),
  );
});

test.each([
  ["that lacks a file", (xml: string) => xml.replace('type="other"', 'type="group"'), "names no other.xml"],
  ["with a type twice", (xml: string) => xml.replace('type="other"', 'type="primary"'), "twice"],
  ["with another kind of digest", (xml: string) => xml.replace('type="sha256"', 'type="md5"'), "sha256"],
  ["of another shape", () => "<html></html>", "repomd"],
])("an index %s is refused", (_, change, because) => {
  const xml = change(repomdXml(files, 1).toString());
  expect(() => filesNamed(Buffer.from(xml))).toThrow(because);
});

const id = (digit: string): string => digit.repeat(64);
const element = (digit: string, text = ""): string =>
  `<package pkgid="${id(digit)}" name="x">\n${text}</package>\n`;

test("a document is split into what stands around the packages, and each package by its digest", () => {
  const [one, two] = [element("1"), element("2", "<file>/a &lt;/package&gt; pkgid=&quot;</file>\n")];
  const { head, elements, foot } = split("filelists", Buffer.from(`<m>\n${one}${two}</m>`));
  expect([head, ...elements.values(), foot].map((part) => Buffer.from(part).toString())).toEqual([
    "<m>\n",
    one,
    two,
    "</m>",
  ]);
  expect([...elements.keys()]).toEqual([id("1"), id("2")]);
});

test("a document without packages is its head and its foot", () => {
  const { head, elements, foot } = split("other", Buffer.from("<m>\n</m>"));
  expect([head.toString(), elements.size, foot.toString()]).toEqual(["<m>\n", 0, "</m>"]);
});

test.each([
  ["a package twice", element("1") + element("1"), "twice"],
  ["a package that does not end", element("1").slice(0, -5), "does not end"],
  ["a package without a digest", element("1").replace(id("1"), "1"), "no digest"],
])("a document with %s is refused", (_, text, because) => {
  expect(() => split("filelists", Buffer.from(text))).toThrow(because);
});
