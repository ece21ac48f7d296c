import { describe, expect, test } from "vitest";
import { type ConfigProblem, readConfig } from "../../../src/bot/config/config.ts";
import { draftUpdate, type ToUpdate } from "../../../src/bot/work/update.ts";

const SPEC = `Name: greet
%global base 1.0
Version: %{base}
Release: %autorelease
Source0: https://greet.example/greet-%{version}.tar.gz#/greet.tar.gz
Source1: https://greet.example/logo.png
%changelog
%autochangelog
`;

const wanted = (of: Partial<ToUpdate["files"]>, more: Partial<ToUpdate> = {}): ToUpdate => ({
  recipe: { kind: "rpm", name: "greet", path: "pkg/greet.spec" },
  files: { spec: SPEC, ...of },
  paths: ["pkg/greet.spec"],
  version: "1.1",
  at: "2026-11-22T06:58:10.000Z",
  author: "Millwright <m@example.org>",
  ...more,
});

describe("the draft of an update", () => {
  test("is the spec with another version, and asks for what is new alone", () => {
    expect(draftUpdate(wanted({}))).toEqual({
      kind: "draft",
      was: "1.0",
      files: { "pkg/greet.spec": SPEC.replace("base 1.0", "base 1.1") },
      addresses: ["https://greet.example/greet-1.1.tar.gz"],
      work: {
        services: [],
        sums: [],
        sources: [],
        moved: [
          {
            was: "greet.tar.gz",
            file: "greet.tar.gz",
            url: "https://greet.example/greet-1.1.tar.gz#/greet.tar.gz",
          },
        ],
      },
      undone: [],
    });
  });

  test("writes the changelog beside the spec where there is one, and then none in it", () => {
    const spec = SPEC.replace("%autochangelog", "* Mon Mar 02 2026 A <a@b> - 1.0-1\n- First");
    const draft = draftUpdate(wanted({ spec, changes: "old\n" }));
    const files = draft.kind === "draft" ? draft.files : {};
    expect(Object.keys(files)).toEqual(["pkg/greet.spec", "pkg/greet.changes"]);
    expect(files["pkg/greet.changes"]).toContain("Sun Nov 22 06:58:10 UTC 2026 - Millwright <m@example.org>");
    expect(files["pkg/greet.spec"]).not.toContain("Update to");
  });

  test("says what is to be run and fetched for it, and which digests and sources speak of the old version", () => {
    const param = (name: string, value: string) => `<param name="${name}">${value}</param>`;
    const verified = ["greet.tar.gz", "other"].map(
      (file) =>
        `<service name="verify_file">${param("file", file)}${param("verifier", "sha256")}${param("checksum", "b")}</service>`,
    );
    const service = `<services>${verified.join("")}<service name="download_files" mode="manual"/></services>`;
    const beside = ["sources", "_service", "greet.tar.gz", "greet.tar.gz.sha256", "logo.png.sha256"];
    const paths = [...beside.map((file) => `pkg/${file}`), "other/sources", "other/greet.tar.gz"];
    const draft = draftUpdate(wanted({ service }, { paths }));
    expect(draft).toMatchObject({
      work: {
        services: ["download_files"],
        sums: ["pkg/_service", "pkg/sources", "pkg/greet.tar.gz.sha256"],
        sources: ["pkg/greet.tar.gz"],
      },
      undone: [],
    });
  });

  test("leaves to people what vendors dependencies, and services that only they know", () => {
    const service = `<services><service name="go_modules"/>\n<service name="format_spec" mode="manual"/></services>`;
    const draft = draftUpdate(wanted({ service }));
    expect(draft).toMatchObject({
      work: { services: [] },
      undone: [expect.stringContaining("`go_modules`"), expect.stringContaining("pkg/_service:2: ")],
    });
  });

  test.each([
    ["1.0", "nothing", "has `1.0` already."],
    ["0.9", "nothing", "which is newer"],
    ["1.0~rc1", "nothing", "which is newer"],
    ["1.1;x", "mistake", "is no version"],
    ["$(id)", "mistake", "is no version"],
  ])("to %s is none: %s", (version, kind, because) => {
    expect(draftUpdate(wanted({}, { version }))).toEqual({ kind, because: expect.stringContaining(because) });
  });

  test("is none where the version cannot be told or written", () => {
    const spec = SPEC.replace("%{base}", "%(date)");
    expect(draftUpdate(wanted({ spec }))).toMatchObject({ kind: "mistake" });
  });
});

const NOWHERE = { targets: {}, defaults: [] };

describe("what the config says of an upstream", () => {
  const problems = (rule: string): readonly ConfigProblem[] | undefined => {
    const read = readConfig(`recipes: { greet: { upstream: ${rule} } }\n`);
    return Array.isArray(read) ? read : undefined;
  };

  test("is one place and filters", () => {
    expect(
      problems("{ github: a/b.c, include: 'v.*', exclude: x, versionMask: 'v(.*)', prerelease: true }"),
    ).toBeUndefined();
    expect(problems("{ git: 'https://git.example/a.git' }")).toBeUndefined();
    expect(problems("{ anitya: 42 }")).toBeUndefined();
  });

  test("has expressions that somebody must know, each told at its own place", () => {
    const text =
      "recipes:\n  greet:\n    upstream: { include: '(', exclude: 'x' }\n  sun: { upstream: { versionMask: v } }\n";
    const groupsOf = (pattern: string) => (pattern === "(" ? undefined : 0);
    expect(readConfig(text, { ...NOWHERE, groupsOf })).toMatchObject([
      { line: 3, column: 26, because: expect.stringContaining("greet.upstream.include: is no RE2") },
      { line: 4, column: 35, because: expect.stringContaining("sun.upstream.versionMask: has no group") },
    ]);
    expect(readConfig(text)).not.toBeInstanceOf(Array);
  });

  test.each([
    ["{ github: a }", "`owner/name`"],
    ["{ github: 'a/b/c' }", "`owner/name`"],
    ["{ git: 'ext::sh' }", "https://"],
    ["{ git: 'file:///etc' }", "https://"],
    ["{ anitya: x }", "numeric"],
    ["{ github: a/b, anitya: 42 }", "one upstream"],
    ["{ tags: x }", "nothing of this name"],
  ])("%s is a mistake", (rule, because) => {
    expect(problems(rule)?.[0]?.because).toContain(because);
  });
});
