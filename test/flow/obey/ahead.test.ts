import { expect, test } from "vitest";
import { askAhead } from "../../../src/flow/obey/ahead.ts";
import { fakeGitHub } from "../fake-github.ts";
import { repo } from "../world.ts";

/** A GitHub that notes what it is asked about commits. */
function noting() {
  const github = fakeGitHub();
  const asked: string[] = [];
  const paths = async (_: unknown, sha: string) => {
    asked.push(`paths ${sha}`);
    if (github.broken.has("paths")) throw new Error("502");
    return ["greet.spec"];
  };
  const changed = async (_: unknown, base: string, head: string) => {
    asked.push(`changed ${base} ${head}`);
    return ["greet.spec"];
  };
  github.pulls.set(
    7,
    github.pullOf({ sha: "head", base: { branch: "main", sha: "base", defaultBranch: "main" } }),
  );
  return { github, asked, ahead: askAhead({ ...github, paths, changed }) };
}

test("what a head holds and changes is asked as soon as the head is known, and once", async () => {
  const { asked, ahead } = noting();
  await ahead.pull(repo, 7);
  expect(asked).toEqual(["paths head", "changed base head"]);
  expect(await ahead.paths(repo, "head")).toEqual(["greet.spec"]);
  expect(await ahead.changed(repo, "base", "head")).toEqual(["greet.spec"]);
  expect(asked).toHaveLength(2);
  await ahead.paths(repo, "another");
  expect(asked).toHaveLength(3);
});

test("of a pull request that is closed nothing is asked ahead", async () => {
  const { github, asked, ahead } = noting();
  github.pulls.set(7, github.pullOf({ isOpen: false }));
  await ahead.pull(repo, 7);
  expect(asked).toEqual([]);
});

test("who needs an answer hears that it failed, and nobody else does", async () => {
  const { github, ahead } = noting();
  github.broken.add("paths");
  await ahead.pull(repo, 7);
  await expect(ahead.paths(repo, "head")).rejects.toThrow("502");
});
