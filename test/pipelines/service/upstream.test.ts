import { describe, expect, test } from "vitest";
import { withChangelog, withChanges } from "../../../src/pipelines/spec/changelog.ts";
import { readServices } from "../../../src/pipelines/service/services.ts";
import { withServiceVersion } from "../../../src/pipelines/service/version.ts";
import { readSpec } from "../../../src/pipelines/spec/spec.ts";
import { withFirstRelease } from "../../../src/pipelines/spec/release.ts";
import {
  isPrerelease,
  newestOf,
  projectOf,
  upstreamOf,
  versionOfTag,
} from "../../../src/pipelines/service/upstream.ts";

const all = { includes: () => true, prerelease: false };
const tags = (...names: readonly string[]) => names.map((name) => ({ name }));

describe("a tag is named after a version", () => {
  test.each([
    ["v1.2.0", "1.2.0"],
    ["1.2", "1.2"],
    ["greet-1.2.0", "1.2.0"],
    ["Greet_v1.2.0", "1.2.0"],
    ["release-1.2", "1.2"],
    ["release/v1.2", "1.2"],
    ["curl-7_88_1", undefined],
    ["greet-7_88_1", "7.88.1"],
    ["v1.2.0-rc1", "1.2.0~rc1"],
    ["v1.2.0-1", undefined],
    ["latest", undefined],
    ["vendor", undefined],
    ["", undefined],
    ["v1.2;rm", undefined],
  ])("%s: %s", (tag, version) => {
    expect(versionOfTag(tag, "greet")).toBe(version);
  });

  test("prereleases are known by their names", () => {
    for (const early of ["1.0~rc1", "1.0rc1", "1.0.beta2", "3.13.0a1", "2.0b3", "1.0.dev4", "1.0alpha"])
      expect([early, isPrerelease(early)]).toEqual([early, true]);
    for (const ripe of ["1.0", "1.1.1w", "9.8p1", "2024a", "1.0.0b", "20240101"])
      expect([ripe, isPrerelease(ripe)]).toEqual([ripe, false]);
  });
});

describe("the newest of an upstream's tags", () => {
  test("is the newest to rpm, in whatever order they come", () => {
    const found = newestOf(tags("v1.9.0", "v1.10.0", "v1.2.0", "old", "v2.0.0-rc1"), "greet", all);
    expect(found).toEqual({ version: "1.10.0", tag: "v1.10.0" });
  });

  test("is no prerelease, by its name or its maker's word, unless the config wants it", () => {
    const named = [...tags("v1.0", "v2.0-rc1"), { name: "v3.0", prerelease: true }];
    expect(newestOf(named, "greet", all)?.version).toBe("1.0");
    expect(newestOf(named, "greet", { ...all, prerelease: true })?.version).toBe("3.0");
  });

  test("is one that the filter lets pass and finds a version in", () => {
    const includes = (tag: string) => !tag.startsWith("v2");
    expect(newestOf(tags("v1.0", "v2.0"), "greet", { ...all, includes })?.version).toBe("1.0");
    const versionIn = (tag: string) => (tag.startsWith("stable/") ? tag.slice(7) : undefined);
    expect(newestOf(tags("stable/1.4", "v9.0"), "greet", { ...all, versionIn })?.version).toBe("1.4");
    expect(newestOf(tags("stable/1-4"), "greet", { ...all, versionIn })).toBeUndefined();
  });
});

describe("where upstream is", () => {
  const spec = (source: string, url = "https://greet.example") =>
    readSpec(`Name: greet\nVersion: 1.0\nRelease: 1\nURL: ${url}\nSource0: ${source}\n`);

  test("is said by the spec's own addresses", () => {
    const archive = "%{url}/archive/v%{version}/%{name}-%{version}.tar.gz";
    expect(upstreamOf(spec(archive, "https://github.com/upstream/greet"), undefined)).toEqual({
      kind: "github",
      repo: "upstream/greet",
    });
    const lab = "https://gitlab.example/a/b/greet/-/archive/v1.0/greet-v1.0.tar.gz";
    expect(upstreamOf(spec(lab), undefined)).toEqual({
      kind: "git",
      url: "https://gitlab.example/a/b/greet.git",
    });
    expect(upstreamOf(spec("greet-1.0.tar.gz"), undefined)).toBeUndefined();
  });

  test("is said by what obs_scm fetches before all", () => {
    const of = (url: string) =>
      readServices(
        `<services><service name="obs_scm"><param name="scm">git</param><param name="url">${url}</param></service></services>`,
      );
    const found = upstreamOf(
      spec("x", "https://github.com/other/thing"),
      of("https://git.example/greet.git"),
    );
    expect(found).toEqual({ kind: "git", url: "https://git.example/greet.git" });
    expect(projectOf({ kind: "git", url: "https://git.example/greet.git" }, "x")).toBe("greet");
    expect(upstreamOf(spec("x"), of("https://github.com/upstream/greet.git"))).toEqual({
      kind: "github",
      repo: "upstream/greet",
    });
  });
});

describe("an update touches", () => {
  test.each([
    ["Release: 4%{?dist}", "Release: 1%{?dist}"],
    ["Release:   12", "Release:   1"],
    ["Release: 0", "Release: 0"],
    ["Release: %autorelease", "Release: %autorelease"],
    ["Release: %{autorelease -b 2}", "Release: %{autorelease -b 2}"],
    ["Release: 3.20240101git%{?dist}", "Release: 3.20240101git%{?dist}"],
    [
      "%global baserelease 7\nRelease: %{baserelease}%{?dist}",
      "%global baserelease 1\nRelease: %{baserelease}%{?dist}",
    ],
  ])("the release: %s", (before, after) => {
    expect(withFirstRelease(`Name: a\nVersion: 1\n${before}\n`)).toBe(`Name: a\nVersion: 1\n${after}\n`);
  });

  const entry = { at: "2026-11-02T06:58:10.000Z", author: "Millwright <m@example.org>", version: "1.2.0" };

  test("the changelog in Fedora's way, with the right day of the week", () => {
    const text = "Name: a\n%changelog\n* Mon Mar 02 2026 A <a@b> - 1.0-1\n- First\n";
    expect(withChangelog(text, { ...entry, release: "1" })).toBe(
      "Name: a\n%changelog\n* Mon Nov 02 2026 Millwright <m@example.org> - 1.2.0-1\n- Update to version 1.2.0\n\n* Mon Mar 02 2026 A <a@b> - 1.0-1\n- First\n",
    );
    const auto = "Name: a\n%changelog\n%autochangelog\n";
    expect(withChangelog(auto, { ...entry, release: "1" })).toBe(auto);
    expect(withChangelog("Name: a\n", { ...entry, release: "1" })).toBe("Name: a\n");
  });

  test("the changes file in openSUSE's way", () => {
    expect(withChanges("old", entry)).toBe(
      `${"-".repeat(67)}\nMon Nov  2 06:58:10 UTC 2026 - Millwright <m@example.org>\n\n- Update to version 1.2.0\n\nold`,
    );
  });

  test("of a _service only what speaks of the old version", () => {
    const file = (revision: string, path: string) =>
      `<services>\n  <!-- 1.1.0 was good -->\n  <service name="obs_scm"><param name="scm">git</param>\n    <param name="url">https://github.com/a/b.git</param><param name="revision"> ${revision} </param>\n    <param name="versionformat">@PARENT_TAG@</param></service>\n  <service name="download_url"><param name="url">https://e.example/?a=1&amp;p=${path}</param></service>\n</services>\n`;
    const before = file("v1.1.0", "x-1.1.0.tar.gz,1.1.01,11.1.0,1.1.0.1");
    expect(withServiceVersion(before, { was: "1.1.0", version: "1.2.0" })).toBe(
      file("v1.2.0", "x-1.2.0.tar.gz,1.1.01,11.1.0,1.1.0.1"),
    );
    // The spec of a recipe whose version set_version writes may say anything.
    expect(withServiceVersion(file("v1.1", "y"), { was: "0", version: "1.2" })).toBe(file("v1.2", "y"));
    expect(withServiceVersion(file("main", "y"), { was: "1.1.0", version: "1.2" })).toBe(file("main", "y"));
  });
});
