import { describe, expect, test } from "vitest";
import { type ConfigProblem, readConfig } from "../../src/bot/config.ts";
import { draftUpdate, type ToUpdate } from "../../src/bot/update.ts";

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

  test("says which services were not run, and which checksums speak of the old version", () => {
    const service = `<services><service name="verify_file"><param name="file">a</param><param name="verifier">sha256</param><param name="checksum">b</param></service><service name="go_modules" mode="manual"/></services>`;
    const draft = draftUpdate(
      wanted({ service }, { paths: ["pkg/greet.spec", "pkg/sources", "other/sources"] }),
    );
    const undone = draft.kind === "draft" ? draft.undone : [];
    expect(undone).toEqual([
      expect.stringContaining("`go_modules`"),
      expect.stringContaining("`_service`"),
      expect.stringContaining("`pkg/sources`"),
    ]);
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
