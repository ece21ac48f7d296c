import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { describe, expect, test } from "vitest";

const root = resolve(import.meta.dirname, "../..");
const read = (path: string): string => readFileSync(join(root, path), "utf8");
const tracked = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], { cwd: root })
  .toString()
  .split("\n")
  .filter((path) => path !== "" && !path.includes("/fixtures/"));

describe("the house", () => {
  test("every room of src/ is in the README", () => {
    const readme = read("README.md");
    const entries = readdirSync(join(root, "src"), { withFileTypes: true });
    for (const { name } of entries.filter((entry) => entry.isDirectory()))
      expect(readme).toContain(`src/${name}`);
  });

  const papers = tracked.filter((path) => path.endsWith(".md"));
  test.each(papers)("every file that %s names or leads to is there", (paper) => {
    const text = read(paper);
    const named = [
      ...text.matchAll(/`((?:src|test|bench|serverless|buildspecs|docs|schema)\/[\w./-]+\.\w+)`/g),
    ].map(([, path]) => path!);
    const led = [...text.matchAll(/\]\(([\w./-]+\.\w+)\)/g)].map(([, path]) => join(dirname(paper), path!));
    for (const path of [...named, ...led]) expect(tracked).toContain(path);
  });

  test("the README leads to every page of docs/", () => {
    for (const path of papers.filter((path) => path.startsWith("docs/")))
      expect(read("README.md")).toContain(`(${path})`);
  });

  test("no source file is longer than 200 lines", () => {
    const long = tracked.filter(
      (path) => /^(src|serverless)\/.*\.ts$/.test(path) && read(path).split("\n").length > 201,
    );
    expect(long).toEqual([]);
  });

  test("every sentence of the bot stands in bot/words: no other file of bot/ or flow/ writes titles or summaries", () => {
    const said = tracked.filter(
      (path) =>
        /^src\/(bot|flow)\//.test(path) &&
        !path.includes("/bot/words/") &&
        /(title|summary): ["`]/.test(read(path)),
    );
    expect(said).toEqual([]);
  });

  test("every kind of stage, and of what is built, has a buildspec", () => {
    expect(readdirSync(join(root, "buildspecs")).toSorted()).toEqual([
      "build-image.yml",
      "build-rpm.yml",
      "build-tree.yml",
      "check-boot.yml",
      "check-upgrade.yml",
      "derive-image.yml",
      "publish.yml",
      "source.yml",
    ]);
  });

  test("nothing tracked names a registry's host in the lockfile, or a private key", () => {
    expect(read("package-lock.json")).not.toMatch(/"resolved"/);
    const keys = tracked.filter((path) =>
      /-----BEGIN [A-Z ]*PRIVATE KEY-----\n[A-Za-z0-9+/]{40}/.test(read(path)),
    );
    expect(keys).toEqual([]);
  });
});
