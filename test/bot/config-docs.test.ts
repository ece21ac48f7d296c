import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { Ajv } from "ajv";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { readConfig } from "../../src/bot/config/config.ts";
import { type JsonSchema, jsonSchema } from "../../src/bot/config/json-schema.ts";
import { configReference } from "../../src/bot/config/reference.ts";
import { commandReference } from "../../src/bot/commands/help.ts";
import { cases } from "../fuzz.ts";

const house = resolve(import.meta.dirname, "../..");
const read = (path: string): string => readFileSync(join(house, path), "utf8");
const RENEW = "run `node src/cli/config-docs.ts`";

const validate = new Ajv({ allErrors: true, allowUnionTypes: true }).compile(jsonSchema());
/** What an editor says, which reads numbers and booleans where we read text. */
const editorTakes = (text: string): boolean => validate(parse(text, { uniqueKeys: false }) ?? {});
const weTake = (text: string): boolean => !Array.isArray(readConfig(text));

describe("what is made of the code", () => {
  test(`the JSON Schema is what stands in schema/ (${RENEW})`, () => {
    expect(JSON.parse(read("schema/millwright.schema.json"))).toEqual(
      JSON.parse(JSON.stringify(jsonSchema())),
    );
  });

  test(`the reference is what stands in docs/ (${RENEW})`, () => {
    expect(read("docs/config.md")).toBe(configReference());
  });

  test(`the list of commands is what stands in docs/ (${RENEW})`, () => {
    expect(read("docs/commands.md")).toBe(commandReference());
  });

  test("the README leads to all", () => {
    expect(read("README.md")).toContain("docs/config.md");
    expect(read("README.md")).toContain("docs/commands.md");
    expect(read("README.md")).toContain("schema/millwright.schema.json");
  });
});

describe("the reference", () => {
  const blocks = configReference()
    .split("```yaml\n")
    .slice(1)
    .map((part) => part.split("\n```")[0] ?? "");

  test.each(blocks)("shows an example that is read: %j", (text) => {
    expect(readConfig(text)).not.toBeInstanceOf(Array);
    expect(editorTakes(text)).toBe(true);
  });

  const PROMOTED = new Set(["from", "tags", "supportUntil", "githubRelease", "way", "packages"]);
  const keys = Object.entries(jsonSchema().properties ?? {});
  const within = (schema: JsonSchema): [string, JsonSchema][] =>
    Object.entries(
      schema.properties ?? (schema.additionalProperties as JsonSchema | undefined)?.properties ?? {},
    ) as [string, JsonSchema][];

  test("every key has a description, an example, and a place in the reference", () => {
    for (const [key, schema] of keys as [string, JsonSchema][])
      for (const [name, { description, examples }] of [[key, schema] as const, ...within(schema)]) {
        expect([name, description]).toEqual([name, expect.any(String)]);
        expect([name, examples]).toEqual([name, [expect.anything()]]);
        expect(configReference()).toContain(`\`${name}\``);
      }
  });

  test.each(
    (keys as [string, JsonSchema][]).flatMap(([key, schema]) =>
      within(schema).map(([name, inner]) => {
        // What a rule cannot do without stands beside the example.
        const feed = PROMOTED.has(name) ? { from: "nightly" } : { branch: "main" };
        const value = { ...(key === "channels" && feed), ...BESIDE[name], [name]: inner.examples?.[0] };
        const nightly = { branch: "main", nightly: "02:00" };
        const around = key === "channels" ? { nightly, release: { from: "nightly", tags: "released-" } } : {};
        const map = { ...around, devel: value };
        return [`${key}.${name}`, stringify({ [key]: schema.properties ? value : map })];
      }),
    ),
  )("the example of %s is read", (_, text) => {
    expect(readConfig(text)).not.toBeInstanceOf(Array);
    expect(editorTakes(text)).toBe(true);
  });
});

/** Images are made of a tree, and a tree is named for its images. */
const BESIDE: Readonly<Record<string, object>> = { tree: { images: ["qcow2"] }, images: { tree: "base" } };

describe("an editor with the JSON Schema agrees with the parser", () => {
  test.each([
    "{}",
    "targets: { leap-15.6: [x86_64] }",
    "targets: { 15.6: { x86_64: required } }",
    "channels: { devel: { branch: 15.6 } }",
    "channels: { devel: { branch: no } }",
    "channels: { n: { branch: b, nightly: '02:00' }, r: { from: n, tags: r/v, supportUntil: 2027-12-31 } }",
    "trusted: [1, '2']",
    "review: { acks: 0 }",
    "review: { acks: '3' }",
    "pulls: { publish: true }",
    "pulls: { publish: 'false' }",
    "recipes: { gtk+ 3/C#: { paths: [., a/, a/b.c, .hidden/x] } }",
    "notifications: { mail: [a.b+c@lists.example.org] }",
    "timeouts: { s390x: 2160 }",
  ])("both take %s", (text) => {
    expect([weTake(text), editorTakes(text)]).toEqual([true, true]);
  });

  test.each([
    "chanels: {}",
    "targets: all",
    "targets: { leap: [arm64] }",
    "targets: { leap: { x86_64: maybe } }",
    "targets: { leap: }",
    "channels: { devel: main }",
    "channels: { devel: {} }",
    "channels: { n: { branch: b, nightly: '02:00' }, r: { from: n, branch: b } }",
    "channels: { n: { branch: b, nightly: '02:00' }, r: { from: n, tags: a..b } }",
    "channels: { n: { branch: b, supportUntil: 2027-12-31 } }",
    "channels: { 1a: { branch: main } }",
    "channels: { pr: { branch: main } }",
    "channels: { Pr: { branch: main } }",
    "channels: { devel: { branch: '' } }",
    "trusted: [octocat]",
    "trusted: [0]",
    "trusted: ['007']",
    "trusted: [1.5]",
    "trusted: 1",
    "committers:",
    "review: { acks: 21 }",
    "review: { lazyDays: 0 }",
    "pulls: { publish: yes }",
    "recipes: { k: { path: ../x.spec } }",
    "recipes: { k: { path: /x.spec } }",
    "recipes: { k: { path: 'a//x.spec' } }",
    "recipes: { k: { path: . } }",
    "recipes: { k: { paths: ['*.patch'] } }",
    "recipes: { k: { paths: ['a/./b'] } }",
    "recipes: { k: { tree: base } }",
    "recipes: { k: { images: [qcow2] } }",
    "recipes: { k: { tree: base, images: [qcow] } }",
    "recipes: { k: { arches: [x86_64, x86_64, x86_64, x86_64, x86_64] } }",
    "recipes: { k: { priority: urgent } }",
    "timeouts: { x86_64: 2161 }",
    "timeouts: { i586: 5 }",
    "notifications: { mail: [a@b] }",
    "notifications: { mail: ['a@b.example\\nBcc: x@y.example'] }",
    `targets: { ${Array.from({ length: 51 }, (_, i) => `t${i}: [x86_64]`).join(", ")} }`,
  ])("both refuse %s", (text) => {
    expect([weTake(text), editorTakes(text)]).toEqual([false, false]);
  });

  // What a schema cannot see: how a number was written, and what two values have to do with each other.
  test.each([
    "trusted: [0x10]",
    "trusted: [1e3]",
    "review: { acks: '99' }",
    "channels: { a: { branch: main }, b: { branch: main } }",
    "trusted: [1]\ntrusted: [2]",
  ])("%j is refused by the parser alone", (text) => {
    expect([weTake(text), editorTakes(text)]).toEqual([false, true]);
  });

  const NIGHTS = { n: { branch: "main", nightly: "02:00" } };
  const near = fc.string({ unit: fc.constantFrom(...Array.from("ab.@-_/*?1 \\é")), maxLength: 12 });
  test.each([
    ["a path", (text: string) => ({ recipes: { k: { path: text } } })],
    ["what concerns a recipe", (text: string) => ({ recipes: { k: { paths: [text] } } })],
    ["a mail address", (text: string) => ({ notifications: { mail: [text] } })],
    ["tags that promote", (text: string) => ({ channels: { ...NIGHTS, r: { from: "n", tags: text } } })],
    ["a day", (text: string) => ({ channels: { ...NIGHTS, r: { from: "n", supportUntil: text } } })],
    // As a key it is no name for the parser, whatever a pattern says.
    ["a channel", (text: string) => ({ channels: { [text]: { branch: "main" } } }), "__proto__"],
  ])(
    "about any text as %s",
    (_, made, refused?: string) => {
      fc.assert(
        fc.property(fc.oneof(near, fc.emailAddress(), fc.string({ unit: "grapheme" })), (text) => {
          const value = made(text);
          const isOurs = weTake(JSON.stringify(value));
          // U+FFFD stands where bytes were no UTF-8: such a file is refused as a whole.
          const isText = !text.includes("\uFFFD");
          expect([text, isOurs]).toEqual([text, validate(value) && isText && text !== refused]);
        }),
        { numRuns: cases() / 5 },
      );
    },
    1_200_000,
  );
});
