import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readFacts, readResults } from "../../src/pipelines/results.ts";

const SHA = "0123456789abcdef".repeat(4);
const sizes = new Map([
  ["greet-1.0-1.x86_64.rpm", 1234],
  ["libstdc++-1~rc1^git-1.noarch.rpm", 5],
]);

describe("results", () => {
  test("each file has its digest from the sums and its size from the store", () => {
    const sums = `${SHA}  greet-1.0-1.x86_64.rpm\n${SHA} *libstdc++-1~rc1^git-1.noarch.rpm\n`;
    expect(
      readResults(`${SHA}  greet-1.0-1.x86_64.rpm\n${SHA}  libstdc++-1~rc1^git-1.noarch.rpm\n`, sizes),
    ).toEqual([
      { name: "greet-1.0-1.x86_64.rpm", size: 1234, sha256: SHA },
      { name: "libstdc++-1~rc1^git-1.noarch.rpm", size: 5, sha256: SHA },
    ]);
    expect(readResults(sums, sizes)).toEqual({ wrong: "line" });
  });

  test("a file that is named but not there is told by name", () => {
    expect(readResults(`${SHA}  gone.rpm`, sizes)).toEqual({ wrong: "missing", name: "gone.rpm" });
  });

  const BAD = [
    "../../runs/1.json",
    "/etc/passwd",
    "a/b.rpm",
    ".hidden",
    "-rf",
    "a b.rpm",
    "a\u0000.rpm",
    "ä.rpm",
    "a%2fb",
    "",
    "x".repeat(201),
    "a\\b",
  ];
  test.each(BAD)("%j is no name for a file", (name) => {
    expect(readResults(`${SHA}  ${name}`, new Map([[name, 1]]))).toEqual({ wrong: "line" });
  });

  test.each([
    `${SHA.toUpperCase()}  a.rpm`,
    `${SHA.slice(1)}  a.rpm`,
    `${SHA} a.rpm`,
    `${SHA}\ta.rpm`,
    "a.rpm",
  ])("%j is no line of sums", (line) => {
    expect(readResults(line, new Map([["a.rpm", 1]]))).toEqual({ wrong: "line" });
  });

  test("what is read has plain names only, whatever the sums say", () => {
    const line = fc.tuple(
      fc.constantFrom(SHA, "0", ""),
      fc.constantFrom("  ", " ", "\t"),
      fc.string({ unit: "binary" }),
    );
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        const text = lines.map((parts) => parts.join("")).join("\n");
        const files = readResults(text, { get: () => 1 } as unknown as ReadonlyMap<string, number>);
        const names = "wrong" in files ? [] : files.map(({ name }) => name);
        expect(names.filter((name) => !/^[A-Za-z0-9][A-Za-z0-9._+~^-]{0,199}$/.test(name))).toEqual([]);
      }),
    );
  });

  test("more than a thousand files are too many", () => {
    const names = Array.from({ length: 1001 }, (_, i) => `f${i}`);
    const sums = names.map((name) => `${SHA}  ${name}`).join("\n");
    expect(readResults(sums, new Map(names.map((name) => [name, 1])))).toEqual({ wrong: "count" });
  });
});

describe("facts", () => {
  test("strings and numbers are kept as text; nothing else is", () => {
    expect(
      readFacts(
        '{"name":"greet","epoch":1700000000,"sources":[{"file":"x"}],"deep":{},"no":null,"yes":true}',
      ),
    ).toEqual({ name: "greet", epoch: "1700000000" });
  });

  test("they are few and short", () => {
    const many = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`f${i}`, "x".repeat(1000)]));
    const facts = Object.entries(readFacts(JSON.stringify(many))!);
    expect(facts).toHaveLength(20);
    expect(facts.every(([, value]) => value.length === 200)).toBe(true);
  });

  test.each(["", "{", "null", "7", "\u0000", '{"a":}'])("%j tells nothing", (text) => {
    expect(readFacts(text)).toBeUndefined();
  });

  test("no text makes the reading throw", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        readFacts(text);
      }),
    );
  });
});
