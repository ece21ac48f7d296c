import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";

const root = resolve(import.meta.dirname, "../..");
const read = (path: string): string => readFileSync(join(root, path), "utf8");
const tracked = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], { cwd: root })
  .toString()
  .split("\n")
  .filter((path) => path !== "" && !path.includes("/fixtures/"));

describe("the house", () => {
  test("every room of src/ is in the README, and every file the README names is there", () => {
    const readme = read("README.md");
    const rooms = readdirSync(join(root, "src"), { withFileTypes: true }).filter((entry) =>
      entry.isDirectory(),
    );
    for (const { name } of rooms) expect(readme).toContain(`src/${name}`);
    const named = [...readme.matchAll(/`((?:src|test|bench|serverless|buildspecs)\/[\w./-]+\.\w+)`/g)].map(
      ([, path]) => path!,
    );
    expect(named.length).toBeGreaterThan(10);
    for (const path of named) expect(tracked).toContain(path);
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
