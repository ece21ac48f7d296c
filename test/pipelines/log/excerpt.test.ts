import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { confession, excerpt } from "../../../src/pipelines/log/excerpt.ts";
import { plainLine } from "../../../src/pipelines/log/plain-line.ts";

const here = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8");
const logOf = (name: string) => here(`logs/${name}.txt`);

/** A log as CodeBuild writes it around what rpmbuild printed. */
function built(output: string): string {
  const own = (text: string) => `[Container] 2026/11/21 10:00:00.000000 ${text}\n`;
  const { phases } = parse(here("../../../buildspecs/build-rpm.yml")) as {
    phases: Record<string, { commands: string[] }>;
  };
  const [install, fetch, build] = ["install", "pre_build", "build"].map((name) => phases[name]!.commands[0]!);
  return [
    own("Entering phase INSTALL"),
    own(`Running command ${install}`),
    own(`Running command ${fetch}`),
    "build root: openSUSE Leap 15.6\nwarning: error: this is of a command that did well\n",
    own(`Running command ${build}`),
    output,
    own(`Command did not exit successfully ${build} exit status 1`),
    own("Phase complete: BUILD State: FAILED"),
    own("Entering phase POST_BUILD"),
    own("Phase complete: POST_BUILD State: SUCCEEDED"),
  ].join("");
}

/** The line that says why, in logs that rpmbuild really wrote. */
const CAUSES = [
  ["missing-requires", "error: Failed build dependencies:"],
  ["compiler", "bad.c:3:17: error: expected ‘;’ before ‘return’"],
  ["header", "bad.c:1:10: fatal error: zork.h: No such file or directory"],
  ["linker", "undefined reference to `frob'"],
  ["library", "/usr/bin/ld: cannot find header.o: No such file or directory"],
  ["configure", "configure: error: zlib is needed; install zlib-devel"],
  ["patch", "Hunk #1 FAILED at 1."],
  ["unpackaged", "error: Installed (but unpackaged) file(s) found:"],
  ["not-found", "error: File not found: /build/rpmbuild/BUILDROOT/greet-1.0-1.x86_64/usr/bin/greet"],
  ["suite", "FAIL: two.sh"],
  ["bad-tag", "error: line 6: Unknown tag: Nonsense: yes"],
  ["no-command", "make: greet-gen: No such file or directory"],
  ["silent", "error: Bad exit status from"],
] as const;

describe("excerpt", () => {
  test.each(CAUSES)(
    "%s: the first lines that matter are shown, alone and inside CodeBuild's log",
    (name, why) => {
      for (const log of [logOf(name), built(logOf(name))]) {
        const { lines, guessed, from } = excerpt(log);
        expect(guessed).toBe(false);
        expect(lines.join("\n")).toContain(why);
        expect(lines.length).toBeLessThanOrEqual(12);
        expect(log.split("\n")[from - 1]).toBe(lines[0]);
      }
    },
  );

  test("what is missing stands below the line that says so", () => {
    expect(excerpt(built(logOf("missing-requires"))).lines).toEqual(
      expect.arrayContaining([
        expect.stringContaining("pkgconfig(nothing) is needed by"),
        expect.stringContaining("zork-devel is needed by"),
      ]),
    );
  });

  test("the first error is shown, not the last lines", () => {
    const log = `cc -c a.c\na.c:1:1: error: first\n${"noise\n".repeat(500)}b.c:1:1: error: last\nmake: *** [all] Error 1\n`;
    expect(excerpt(log).lines).toContain("a.c:1:1: error: first");
    expect(excerpt(log).lines).not.toContain("b.c:1:1: error: last");
  });

  test("a suite that passed is no cause", () => {
    expect(excerpt(logOf("unpackaged")).lines.join("\n")).not.toContain("# FAIL:  0");
  });

  test("a command that CodeBuild or the shell repeats has not failed yet, nor has the text of a script", () => {
    const log = [
      "[Container] now Running command cat > x.sh <<'END'",
      "x.c:1:1: error: in a script",
      "END",
      "[Container] now Running command echo 'y: fatal error: in a command'",
      "+ echo 'z: error: in a trace'",
      ...Array.from({ length: 12 }, () => "noise"),
      "a.c:2:1: error: this one",
      "[Container] now Command did not exit successfully echo 'y: fatal error' exit status 1",
    ];
    expect(excerpt(log.join("\n")).lines.at(-1)).toBe("a.c:2:1: error: this one");
    expect(excerpt([...log.slice(0, 3), ...log.slice(-2)].join("\n")).lines).toEqual([log.at(-2)]);
  });

  test.each(["build-rpm", "source", "publish"])("the text of buildspecs/%s.yml alone is no error", (name) => {
    const { phases } = parse(here(`../../../buildspecs/${name}.yml`)) as {
      phases: Record<string, { commands: string[] }>;
    };
    const commands = Object.values(phases).flatMap((phase) => phase.commands);
    const log = commands.map((command) => `[Container] now Running command ${command}\n`).join("");
    expect(excerpt(log).guessed).toBe(true);
    for (const kind of ["infrastructure", "refused", "conflict"] as const)
      expect(confession(log, kind)).toBeUndefined();
  });

  test("where nothing is known the end of what failed is shown, and said to be a guess", () => {
    const { lines, guessed } = excerpt(built("strange\nthings\n"));
    expect(guessed).toBe(true);
    expect(lines.at(-1)).toBe("things");
  });

  test("an empty log has no lines", () => {
    expect(excerpt("")).toEqual({ lines: [], from: 1, guessed: true });
  });

  test("colours, titles and other control characters are gone", () => {
    const painted =
      "\u001b[01m\u001b[Ka.c:1:2:\u001b[m\u001b[K \u001b[01;31m\u001b[Kerror: \u001b[m\u001b[Kno\u001b]0;title\u0007!\r\b";
    expect(plainLine(painted)).toBe("a.c:1:2: error: no!");
    expect(excerpt(painted).lines).toEqual(["a.c:1:2: error: no!"]);
  });

  test("whatever a log holds, an excerpt is short and without control characters", () => {
    const piece = fc.constantFrom(
      "\n",
      "\u001b[",
      "\u001b]",
      "\u001b",
      "\u0007",
      ": error:",
      "[Container] ",
      "Running command x <<'E'",
      "E",
      "\u0000",
      "ü",
      "+ ",
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string({ unit: "binary" })), { maxLength: 60 }), (pieces) => {
        const { lines } = excerpt(pieces.join(""));
        expect(lines.length).toBeLessThanOrEqual(12);
        for (const line of lines) {
          expect(line.length).toBeLessThanOrEqual(300);
          expect(Array.from(line).every((c) => c >= " " || c === "\t")).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });

  test("twice the log takes about twice the time, up to 8 MiB and with the worst of lines", () => {
    const worst = ["\u001b[".repeat(16), "x".repeat(40), "[Container] Running command <<'", ""].join("\n");
    const time = (bytes: number) => {
      const log = worst.repeat(bytes / worst.length);
      const start = performance.now();
      excerpt(log);
      return performance.now() - start;
    };
    time(256 * 1024);
    const small = Math.min(time(1024 ** 2), time(1024 ** 2), time(1024 ** 2));
    // Eight times as much: a quadratic reading would take 64 times as long.
    expect(time(8 * 1024 ** 2) / small).toBeLessThan(32);
  });
});

describe("confession", () => {
  test("the last thing that a stage said about itself counts", () => {
    const log = "millwright: refused: one\nnoise\nmillwright: refused: two  \n";
    expect(confession(log, "refused")).toBe("two");
    expect(confession(log, "infrastructure")).toBeUndefined();
  });

  test("only whole lines count", () => {
    expect(confession("echo millwright: refused: x\n  millwright: refused: y", "refused")).toBeUndefined();
  });
});
