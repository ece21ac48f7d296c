import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { annotationsOf } from "../../../src/pipelines/log/annotations.ts";
import { cases } from "../../fuzz.ts";

const logOf = (name: string) =>
  readFileSync(new URL(`../../fixtures/logs/${name}.txt`, import.meta.url), "utf8");
const path = "greet/greet.spec";
const text = [
  "Name: greet",
  "Version: 1.0",
  "BuildRequires: make, zork-devel",
  "BuildRequires: pkgconfig(zork) >= 3",
  "Source0: https://example.org/greet-1.0.tar.gz",
  "Patch0: fix.patch",
  "%build",
  "%cmake_configure -DX=1",
  "%files",
  "%license COPYING",
  "%dir %{_datadir}/greet",
  "%{_mandir}/man1/greet.1*",
  "%changelog",
  "- %files are not here",
].join("\n");
const at = (name: string) =>
  annotationsOf(logOf(name), { path, text }).map(({ line, message }) => [line, message]);

describe("rpm's parser names the line", () => {
  test.each([
    ["rpm-unclosed-if", 7, "Unclosed %if"],
    ["rpm-bad-if", 7, "bad %if condition:  1 +"],
    [
      "rpm-macro-recursion",
      9,
      "Too many levels of recursion in macro expansion. It is likely caused by recursive macro declaration.",
    ],
    ["rpm-bad-version-dash", 2, "Illegal char '-' (0x2d) in: Version: 1.0-rc1"],
  ])("%s", (name, line, message) => {
    expect(annotationsOf(logOf(name), { path })).toEqual([{ path, line, message, level: "failure" }]);
  });

  test("its warnings come after its errors", () => {
    const log =
      "warning: line 3: Possible unexpanded macro in: X\nwarning: Macro expanded in comment on line 4: %{x}\nerror: line 2: Unknown tag: Y\n";
    expect(annotationsOf(log, { path })).toEqual([
      { path, line: 2, message: "Unknown tag: Y", level: "failure" },
      { path, line: 3, message: "Possible unexpanded macro in: X", level: "warning" },
      { path, line: 4, message: "Macro expanded in comment on line 4: %{x}", level: "warning" },
    ]);
  });

  test("what a script prints is not of rpm's parser", () => {
    const log = "Executing(%build): /bin/sh -e /x\nerror: line 3: of a theme\n";
    expect(annotationsOf(log, { path, text })).toEqual([]);
  });

  test("fifty are told, as GitHub takes no more, and what failed before what was warned of", () => {
    const lines = Array.from({ length: 60 }, (_, n) => `warning: line ${n + 1}: w\nerror: line ${n + 1}: e`);
    const found = annotationsOf(lines.join("\n"), { path });
    expect(found).toHaveLength(50);
    expect(new Set(found.map(({ level }) => level))).toEqual(new Set(["failure"]));
  });

  test("a line of another spec is not one of this", () => {
    expect(annotationsOf("error: /build/SPECS/other.spec:7: bad %if condition\n", { path })).toEqual([]);
  });

  test("a line beyond the end is one of an included file, so the remark stands at the top", () => {
    expect(annotationsOf("error: line 4000: Unknown tag: Y\n", { path, text })[0]?.line).toBe(1);
  });
});

describe("with the spec's text more lines are found", () => {
  test("what is missing stands at its BuildRequires", () => {
    expect(at("rpm-missing-requires-versions")).toEqual([
      [4, "pkgconfig(zork) >= 3 is needed by greet-1.0-1.x86_64"],
      [3, "zork-devel is needed by greet-1.0-1.x86_64"],
    ]);
  });

  test("what was missing at first and could be installed is not told", () => {
    expect(at("rpm-second-try-compiler")).toEqual([]);
  });

  test("files that are not there stand at their entries of %files", () => {
    const root = "/build/rpmbuild/BUILDROOT/greet-1.0-1.x86_64";
    expect(at("rpm-dir-not-found")).toEqual([
      [11, `Directory not found: ${root}/usr/share/greet`],
      [12, `File not found: ${root}/usr/share/man/man1/greet.1*`],
    ]);
  });

  test("files that nobody lists stand at the first %files, all in one remark", () => {
    const log =
      "error: Installed (but unpackaged) file(s) found:\n   /usr/bin/greet\n   /usr/bin/hello\n\nRPM build errors:\n";
    expect(annotationsOf(log, { path, text })).toEqual([
      {
        path,
        line: 9,
        message: "Installed (but unpackaged) file(s) found:\n/usr/bin/greet\n/usr/bin/hello",
        level: "failure",
      },
    ]);
  });

  test("a source that is not there stands at its Source", () => {
    expect(at("rpm-missing-source")).toEqual([
      [5, "File /build/rpmbuild/SOURCES/greet-1.0.tar.gz: No such file or directory"],
    ]);
  });

  test("a macro that rpm does not know stands where it is used", () => {
    expect(at("rpm-unknown-macro-in-script")).toEqual([[8, "%cmake_configure: not found"]]);
  });
});

describe("a patch that fails", () => {
  test("is remarked upon in its own file, at the line that the log names, if the repository has it", () => {
    const files = ["greet/fix.patch", path];
    const message = "/usr/bin/patch: **** malformed patch at line 7: c without its sign";
    expect(annotationsOf(logOf("patch-malformed"), { path, text, files })).toEqual([
      { path: "greet/fix.patch", line: 7, message, level: "failure" },
    ]);
  });

  test("is remarked upon at its Patch in the spec otherwise", () => {
    expect(at("patch-hunk")).toEqual([[6, "Hunk #1 FAILED at 1."]]);
  });

  test("is known by what the shell was about to read where rpm is silent", () => {
    const reversed = annotationsOf(logOf("patch-reversed"), {
      path: "greet.spec",
      files: ["upstreamed.patch"],
    });
    expect(reversed[0]?.path).toBe("upstreamed.patch");
  });
});

describe("whatever a log and a spec hold", () => {
  const logs = [
    "patch-malformed",
    "patch-git-am",
    "rpm-bad-if",
    "rpm-dir-not-found",
    "rpm-missing-requires-versions",
  ];
  const piece = fc.oneof(
    fc.constantFrom(...logs.flatMap((name) => logOf(name).split("\n"))),
    fc.integer().map((n) => `error: line ${n}: x`),
    fc.string({ unit: "binary" }),
  );
  const odd = fc.oneof(
    fc.constantFrom("../x.spec", "/x.spec", "a//x.spec", ".git/x.spec", "a\nb.spec", path),
    fc.string(),
  );

  test("remarks are few, short, each once, and on plain paths inside of the repository", () => {
    const story = fc.record({
      pieces: fc.array(piece, { maxLength: 80 }),
      path: odd,
      spec: fc.string(),
      file: fc.string(),
    });
    fc.assert(
      fc.property(story, ({ pieces, path, spec, file }) => {
        const found = annotationsOf(pieces.join("\n"), { path, text: spec, files: [file, "fix.patch"] });
        expect(found.length).toBeLessThanOrEqual(50);
        expect(new Set(found.map((one) => JSON.stringify(one))).size).toBe(found.length);
        for (const one of found) {
          expect([path, "fix.patch", file]).toContain(one.path);
          expect(one.path.split("/").some((part) => ["", ".", "..", ".git"].includes(part))).toBe(false);
          expect(one.path).not.toContain("\n");
          expect(one.line).toBeGreaterThanOrEqual(1);
          expect(one.message.length).toBeLessThanOrEqual(1000);
        }
      }),
      { numRuns: cases() },
    );
  });
});
