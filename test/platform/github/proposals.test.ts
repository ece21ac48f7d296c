import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { secondaryLimit } from "../../../src/local/github/faults.ts";
import { upstreamsOf } from "../../../src/platform/upstream/upstreams.ts";
import { endWithoutViolations, here } from "../../local/github/world.ts";
import { type Facing, facing } from "./world.ts";

const BRANCH = "millwright/update/greet";

let world: Facing;
let base: string;
beforeEach(async () => {
  world = await facing();
  base = await world.commit("main", { "greet.spec": "Version: 1\n", "other.txt": "as it is" });
});
afterEach(() => endWithoutViolations(world));

async function commit(version: string, after?: string): Promise<string> {
  const files = { "greet.spec": `Version: ${version}\n` };
  const written = await world.github.writeCommit(world.at, {
    base,
    after,
    message: `greet ${version}`,
    files,
  });
  if (written.kind !== "written") throw new Error(written.kind);
  return written.sha;
}

const propose = (sha: string, version: string) =>
  world.github.propose(world.at, {
    branch: BRANCH,
    sha,
    base: "main",
    title: `greet: ${version}`,
    body: version,
  });

const pulls = async () =>
  (await world.nobody.rest.pulls.list({ ...here, state: "open" })).data.map(
    ({ number, title, head, user }) => ({
      number,
      title,
      sha: head.sha,
      by: user?.login,
    }),
  );

describe("a proposal of ours", () => {
  test("is a commit of the app's on a branch of the repository, and a pull request; nothing else is touched", async () => {
    const sha = await commit("2");
    expect(world.asked()).toEqual([{ contents: "write" }]);
    expect(await world.github.branch(world.at, BRANCH)).toBeUndefined();
    const number = (await pulls()).length + 1;
    expect(await propose(sha, "2")).toMatchObject({ kind: "open" });
    expect(world.asked().at(-1)).toEqual({ contents: "write", pull_requests: "write" });
    expect(await world.github.changed(world.at, base, sha)).toEqual(["greet.spec"]);
    expect(await world.github.file(world.at, "greet.spec", sha)).toBe("Version: 2\n");
    expect(await world.github.file(world.at, "other.txt", sha)).toBe("as it is");
    expect(await pulls()).toHaveLength(number);
  });

  test("takes bytes as they are, and says something else without another commit", async () => {
    const first = await commit("2");
    await propose(first, "2");
    const bytes = new Uint8Array([0, 255, 254, 10]);
    const more = { base: first, message: "made", files: { "greet.tar": bytes }, gone: ["other.txt"] };
    const written = await world.github.writeCommit(world.at, more);
    if (written.kind !== "written") throw new Error(written.kind);
    expect(await propose(written.sha, "2")).toMatchObject({ kind: "open" });
    expect(await propose(written.sha, "nothing is left to do")).toMatchObject({ kind: "open" });
    expect(await world.github.paths(world.at, written.sha)).toEqual([
      "README.md",
      "greet.spec",
      "greet.tar",
      "hello/hello.spec",
    ]);
    const { data } = await world.nobody.rest.repos.getContent({
      ...here,
      path: "greet.tar",
      ref: written.sha,
    });
    expect(data).toMatchObject({ content: `${Buffer.from(bytes).toString("base64")}\n` });
    expect((await world.github.branch(world.at, BRANCH))?.sha).toBe(written.sha);
  });

  test("is renewed on its branch, forward, with one pull request", async () => {
    const first = await commit("2");
    await propose(first, "2");
    base = await world.commit("main", { "new.txt": "came meanwhile" });
    const second = await commit("3", first);
    await propose(second, "3");
    expect(await pulls()).toEqual([
      {
        number: expect.any(Number) as number,
        title: "greet: 3",
        sha: second,
        by: expect.stringMatching(/\[bot\]$/) as string,
      },
    ]);
    expect(await world.github.changed(world.at, "main", second)).toEqual(["greet.spec"]);
    expect(await propose(second, "3")).toMatchObject({ kind: "open" });
    expect(await pulls()).toHaveLength(1);
  });

  test("takes away what is no more, and what was never there is no trouble", async () => {
    const gone = ["other.txt", "never.txt"];
    const written = await world.github.writeCommit(world.at, {
      base,
      message: "m",
      files: { new: "x" },
      gone,
    });
    const sha = written.kind === "written" ? written.sha : "";
    const paths = await world.github.paths(world.at, sha);
    expect(paths).toEqual(expect.arrayContaining(["greet.spec", "new"]));
    expect(paths).not.toContain("other.txt");
  });

  test("never goes over what somebody else pushed", async () => {
    const first = await commit("2");
    await propose(first, "2");
    const theirs = await world.commit(BRANCH, { "greet.spec": "Version: mine\n" });
    expect(await propose(await commit("3", first), "3")).toEqual({ kind: "moved" });
    expect((await world.github.branch(world.at, BRANCH))?.sha).toBe(theirs);
  });

  test("that the app may not write is refused in GitHub's words, and a limit is told", async () => {
    const [message, status, times] = ["Resource not accessible by integration", 403, 1];
    world.admin.fault({ op: "git/create-tree", times, status, message });
    const files = { "greet.spec": "x" };
    expect(await world.github.writeCommit(world.at, { base, message: "m", files })).toEqual({
      kind: "refused",
      because: expect.stringContaining(message) as string,
    });
    const sha = await commit("2");
    world.admin.fault(secondaryLimit("git/create-ref", 1, 90));
    expect(await propose(sha, "2")).toEqual({ kind: "limited", seconds: 90 });
  });
});

describe("an upstream on GitHub", () => {
  const nowhere = { read: async () => "", reach: async () => undefined, digests: async () => "" };
  const ask = (repo: string, etag?: string) =>
    upstreamsOf(world.clients, nowhere).releases(world.at, { kind: "github", repo }, etag);

  test("tells its tags, and which of them are prereleases by its maker's word", async () => {
    const rest = world.as(world.maintainer.token).rest;
    for (const name of ["v1.0", "v1.1"])
      await rest.git.createRef({ ...here, ref: `refs/tags/${name}`, sha: base });
    await rest.repos.createRelease({ ...here, tag_name: "v1.1", prerelease: true });
    const said = await ask(`${here.owner}/${here.repo}`);
    if (said === "unchanged") throw new Error("it was never asked");
    expect(said.tags.toSorted((a, b) => (a.name < b.name ? -1 : 1))).toEqual([
      { name: "v1.0", prerelease: false },
      { name: "v1.1", prerelease: true },
    ]);
  });

  test("that is not there is a failure of its own", async () => {
    await expect(ask("nobody/nothing")).rejects.toThrow("Not Found");
  });
});
