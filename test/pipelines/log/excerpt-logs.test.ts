import { readFileSync, readdirSync } from "node:fs";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { excerpt } from "../../../src/pipelines/log/excerpt.ts";
import { cutLine, plainLine } from "../../../src/pipelines/log/plain-line.ts";
import { cases } from "../../fuzz.ts";

const folder = new URL("../../fixtures/logs/", import.meta.url);
const read = (file: string) => readFileSync(new URL(file, folder), "utf8");
const causes = JSON.parse(read("causes.json")) as Record<string, { kind: string | null; cause: string }>;
const names = readdirSync(folder)
  .filter((file) => file.endsWith(".txt"))
  .map((file) => file.slice(0, -".txt".length));

describe("excerpts of logs that tools really wrote", () => {
  test("for every log somebody has said which line names the cause", () => {
    expect(Object.keys(causes).sort()).toEqual(names.toSorted());
    expect(names.length).toBeGreaterThanOrEqual(40);
  });

  test.each(names)("%s: the line that names the cause is shown, and what kind of trouble it is", (name) => {
    const log = read(`${name}.txt`);
    const shown = excerpt(log);
    const wanted = causes[name];
    expect(shown.kind ?? null).toBe(wanted?.kind);
    expect(shown.guessed).toBe(false);
    expect(shown.lines.some((line) => line.startsWith(wanted?.cause ?? "?"))).toBe(true);
    const lines = log.split("\n").map((line) => cutLine(plainLine(line), 300));
    expect(lines.slice(shown.from - 1, shown.from - 1 + shown.lines.length)).toEqual(shown.lines);
  });

  test("all of them, as they are shown", () => {
    const pages = names.toSorted().map((name) => {
      const { lines, kind, scriptlet } = excerpt(read(`${name}.txt`));
      return `## ${name}: ${[kind, scriptlet].filter(Boolean).join(" in ")}\n${lines.join("\n")}\n`;
    });
    expect(pages.join("\n")).toMatchSnapshot();
  });
});

describe("which line is the cause", () => {
  const why = (...lines: string[]) => excerpt(lines.join("\n"));
  const noise = Array.from({ length: 40 }, (_, i) => `noise ${i}`);

  test("what make was told to ignore is not it", () => {
    const { lines } = why(
      "rm: cannot remove 'x': No such file or directory",
      "make: [a] Error 1 (ignored)",
      ...noise,
      "cp: cannot stat 'y': No such file or directory",
      "make: *** [b] Error 1",
    );
    expect(lines.join("\n")).toContain("cannot stat 'y'");
  });

  test("what a configure script asked its compiler is not it", () => {
    const { lines } = why(
      "conftest.c:3:1: error: unknown type name 'x'",
      ...noise,
      "greet.c:3:1: error: this one",
    );
    expect(lines.at(-1)).toBe("greet.c:3:1: error: this one");
  });

  test("early complaints did no harm if others stand before the end", () => {
    const { lines, kind } = why(
      "cat: /proc/x: No such file or directory",
      ...noise,
      "Error: no theme",
      "sh: gen2: command not found",
    );
    expect(lines[5]).toBe("Error: no theme");
    expect(kind).toBeUndefined();
  });

  test("a program that a compiler quotes is not it", () => {
    const quoted = [
      '  123 |   die("a: fatal error: out of memory");',
      '   printf("x: error: %s", y);',
      "      | x: error: y",
    ];
    expect(why(...quoted).guessed).toBe(true);
  });

  test("of a test that failed, what it printed is shown, wherever in the log that is", () => {
    const automake = why("FAIL: a.sh", ...noise, "FAIL: a.sh", "==========", "", "expected 3, got 4");
    expect(automake.lines.at(-1)).toBe("expected 3, got 4");
    const cargo = why(
      "test a ... FAILED",
      ...noise,
      "---- a stdout ----",
      "thread 'a' panicked at src/lib.rs:4:5:",
    );
    expect(cargo.lines.at(-1)).toBe("thread 'a' panicked at src/lib.rs:4:5:");
  });

  test("a test that is expected to fail, or skipped, is not it", () => {
    expect(why("not ok 1 - a # TODO later", "XFAIL: b.sh", "not ok 2 - c # SKIP none").guessed).toBe(true);
  });

  test("what an earlier scriptlet said is not it, and the one that failed is named", () => {
    const { lines, scriptlet } = why(
      "Executing(%build): /bin/sh -e /x",
      "a.c:1:1: error: harmless",
      "Executing(%install): /bin/sh -e /y",
      "cp: cannot stat 'y': No such file or directory",
      "error: Bad exit status from /y (%install)",
    );
    expect(lines[0]).toBe("Executing(%install): /bin/sh -e /y");
    expect(scriptlet).toBe("%install");
  });

  test("the exception is shown with its last frame, not the first", () => {
    const frames = Array.from({ length: 30 }, (_, i) => `  File "a.py", line ${i}, in f\n    f()`);
    const { lines } = why("Traceback (most recent call last):", ...frames, "ValueError: no theme");
    expect(lines.at(-1)).toBe("ValueError: no theme");
    expect(lines).toContain('  File "a.py", line 29, in f');
  });
});

describe("whatever a log holds", () => {
  const signs = Object.values(causes).map(({ cause }) => cause);
  const piece = fc.oneof(
    fc.constantFrom(
      "\n",
      "\r",
      "\u001b[31m",
      "\u001b]0;",
      "[Container] x Running command ",
      "[Container] x Command did not exit successfully ",
      "Executing(%build): ",
      "error: Bad exit status from x (%build)",
      "Traceback (most recent call last):",
      ...signs,
    ),
    fc.string({ unit: "binary" }),
  );

  test("the lines shown are lines of it, few, short and plain", () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const log = pieces.join("");
        const { lines, from } = excerpt(log);
        const all = log.split("\n").map((line) => cutLine(plainLine(line), 300));
        expect(lines.length).toBeLessThanOrEqual(12);
        expect(all.slice(from - 1, from - 1 + lines.length)).toEqual(lines);
        for (const line of lines) expect(line.length).toBeLessThanOrEqual(300);
      }),
      { numRuns: cases() },
    );
  });

  test("lines of a mebibyte take no longer than others", () => {
    const time = (log: string) => {
      const start = performance.now();
      excerpt(log);
      return performance.now() - start;
    };
    const short = `${"x: y ".repeat(20)}\n`.repeat(20_000);
    const long = `${"\u001b[1m:error".repeat(100_000)}\n`.repeat(2);
    time(short);
    expect(time(long) / time(short)).toBeLessThan(20);
  });
});
