import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { octokitGitHub } from "../../../src/platform/github/github.ts";
import { secondaryLimit } from "../../../src/local/github/faults.ts";
import { endWithoutViolations, gitIn, here, refusal, withToken } from "../../local/github/world.ts";
import { type Facing, facing } from "./world.ts";

let world: Facing;
beforeAll(async () => {
  world = await facing();
});
afterAll(() => endWithoutViolations(world));

const READ = { contents: "read", pull_requests: "read", metadata: "read" };
const gone = "0".repeat(40);

test("a repository may be named to others where everybody may see it, under the name that is known", async () => {
  const { github, at } = world;
  expect(await github.isPublic(at)).toBe(true);
  expect(await github.isPublic({ ...at, name: "gone" })).toBe(false);
});

describe("a pull request", () => {
  test("is told as it is now", async () => {
    const { github, at, maintainer } = world;
    const sha = await world.commit("topic", { "a.spec": "Name: a\n" });
    const number = await world.open("topic");
    world.asked();
    expect(await github.pull(at, number)).toEqual({
      number,
      isOpen: true,
      sha,
      headRepo: at.id,
      headOwner: maintainer.id,
      base: { branch: "main", sha: await world.main(), defaultBranch: "main" },
      author: { id: maintainer.id, login: "maintainer" },
      title: expect.any(String),
      description: "",
      isDraft: false,
    });
    expect(world.asked()).toEqual([READ]);
    await world.as(maintainer.token).rest.pulls.update({ ...here, pull_number: number, state: "closed" });
    expect(await github.pull(at, number)).toMatchObject({
      isOpen: false,
      closed: { at: expect.stringContaining("T"), isMerged: false },
    });
  });

  test("from a fork names the fork, and none when that is gone", async () => {
    const { admin, at, clients, github, stranger } = world;
    const fork = await admin.fork("maintainer", "packages", "stranger");
    const sha = await world.commit("outside", { "b.spec": "Name: b\n" }, "stranger");
    const number = await world.open("stranger:outside", stranger.token);
    expect(await github.pull(at, number)).toMatchObject({
      sha,
      headRepo: fork.id,
      author: { id: stranger.id },
    });

    const without: typeof clients = {
      ...clients,
      async in(...asked) {
        const octokit = await clients.in(...asked);
        octokit.hook.after("request", (response) => {
          (response.data as { head: { repo: unknown } }).head.repo = null;
        });
        return octokit;
      },
    };
    expect(await octokitGitHub(without, 7).pull(at, number)).toMatchObject({ sha, headRepo: null });
  });

  test("that is not there is undefined", async () => {
    expect(await world.github.pull(world.at, 4711)).toBeUndefined();
  });
});

describe("a branch", () => {
  test("is told with its head and whether it is protected", async () => {
    const { admin, at, github } = world;
    const sha = await world.commit("release/1.0", { x: "y" });
    world.asked();
    expect(await github.branch(at, "release/1.0")).toEqual({ sha, isProtected: false });
    admin.protectBranch("maintainer", "packages", "release/1.0");
    expect(await github.branch(at, "release/1.0")).toEqual({ sha, isProtected: true });
    expect(world.asked()).toEqual([READ, READ]);
  });

  test("that is not there is undefined", async () => {
    expect(await world.github.branch(world.at, "no/such")).toBeUndefined();
  });
});

describe("a tag", () => {
  test("is the commit that it names, also through annotated tags; what names none is undefined", async () => {
    const { at, github, gitHub, maintainer, dir } = world;
    const url = withToken(gitHub, maintainer.token, "maintainer/packages");
    const sha = await world.main();
    await gitIn(dir, "clone", "-q", "--bare", url, "tags.git");
    const git = (...args: readonly string[]) =>
      gitIn(`${dir}/tags.git`, "-c", "user.name=m", "-c", "user.email=m@example.org", ...args);
    await git("tag", "release/20261121_01", sha);
    await git("tag", "-a", "-m", "inner", "release/20261121_02", sha);
    await git("tag", "-a", "-m", "outer", "outer", "release/20261121_02");
    const tags = ["release/20261121_01", "release/20261121_02", "outer"];
    await git("push", "-q", url, ...tags.map((tag) => `refs/tags/${tag}`));
    world.asked();
    for (const name of tags) expect(await github.tag(at, name)).toBe(sha);
    expect(await github.tag(at, "release/2026")).toBeUndefined();
    expect(new Set(world.asked())).toEqual(new Set([READ]));
  });
});

describe("a head", () => {
  test("reaches itself and what came before it, and nothing else", async () => {
    const { at, github } = world;
    const before = await world.main();
    const topic = await world.commit("side", { side: "1" });
    const later = await world.commit("main", { later: "1" });
    expect(await github.reaches(at, later, later)).toBe(true);
    expect(await github.reaches(at, later, before)).toBe(true);
    expect(await github.reaches(at, before, later)).toBe(false);
    expect(await github.reaches(at, later, topic)).toBe(false);
    expect(await github.reaches(at, later, gone)).toBe(false);
  });
});

describe("the files of a commit", () => {
  test("are listed by path, without folders", async () => {
    const sha = await world.commit("files", { "deep/er/c++.spec": "Name: c\n" });
    expect(await world.github.paths(world.at, sha)).toEqual(
      expect.arrayContaining(["README.md", "deep/er/c++.spec", "hello/hello.spec"]),
    );
    expect(await world.github.paths(world.at, sha)).not.toContain("deep");
  });

  test("of a commit that is not there are a failure, not an empty list", async () => {
    expect(await refusal(world.github.paths(world.at, gone))).toBe(404);
  });

  test("are read as text, whatever is in them", async () => {
    const text = '{"not":"parsed"}\ngrüße\n';
    const sha = await world.commit("text", { ".millwright.yml": text, empty: "" });
    expect(await world.github.file(world.at, ".millwright.yml", sha)).toBe(text);
    expect(await world.github.file(world.at, ".millwright.yml", "text")).toBe(text);
    expect(await world.github.file(world.at, "empty", sha)).toBe("");
  });

  test.each(["nothing.yml", "hello", "hello/none"])("%s is no file, so undefined", async (path) => {
    expect(await world.github.file(world.at, path, "main")).toBeUndefined();
  });
});

describe("who may write", () => {
  test("is the owner and who was given the right, by GitHub's permission API", async () => {
    const { admin, at, github, maintainer, stranger } = world;
    const levels = ["read", "triage", "write", "maintain", "admin"] as const;
    const may: boolean[] = [];
    world.asked();
    for (const level of levels) {
      admin.addCollaborator("maintainer", "packages", { login: "stranger", level });
      may.push(await github.canWrite(at, stranger));
    }
    expect(may).toEqual([false, false, true, true, true]);
    expect(await github.canWrite(at, maintainer)).toBe(true);
    expect(new Set(world.asked().map((one) => JSON.stringify(one)))).toEqual(new Set([JSON.stringify(READ)]));
  });

  test("is nobody who merely has the login of somebody who may", async () => {
    const { at, github, maintainer, stranger } = world;
    expect(await github.canWrite(at, { id: stranger.id, login: "maintainer" })).toBe(false);
    expect(await github.canWrite(at, { id: maintainer.id, login: "nobody-here" })).toBe(false);
  });
});

describe("a token", () => {
  test("for the sources reads one repository and nothing else", async () => {
    const { admin, at, github, installation } = world;
    await admin.createRepository({ owner: "maintainer", name: "secret", private: true, files: { a: "b" } });
    await admin.install("maintainer", ["secret"]);
    world.asked();
    const reader = world.as(await github.readToken(at));
    expect(world.asked()).toEqual([{ contents: "read" }]);
    expect((await reader.rest.repos.getContent({ ...here, path: "README.md" })).status).toBe(200);
    const secret = { owner: "maintainer", repo: "secret" };
    expect(await refusal(reader.rest.repos.getContent({ ...secret, path: "a" }))).toBe(404);
    expect(await refusal(reader.rest.checks.create({ ...here, name: "x", head_sha: gone }))).toBe(403);
    expect(await refusal(reader.rest.issues.createComment({ ...here, issue_number: 1, body: "x" }))).toBe(
      403,
    );
    expect(installation.id).toBe(at.installation);
  });

  test("of any call is good for its repository alone", async () => {
    const { admin, at } = world;
    const id = admin.repository("maintainer", "secret")?.id ?? 0;
    expect(await world.github.file({ ...at, id }, "README.md", "main")).toBeDefined();
    expect(await refusal(world.github.shown({ ...at, id }, await world.main()))).toBe(403);
  });
});

const CALLS = [
  ["pulls/get", (f: Facing) => f.github.pull(f.at, 1)],
  ["repos/get-branch", (f: Facing) => f.github.branch(f.at, "main")],
  ["git/get-tree", async (f: Facing) => f.github.paths(f.at, await f.main())],
  ["repos/get-content", (f: Facing) => f.github.file(f.at, "README.md", "main")],
  ["repos/get-collaborator-permission-level", (f: Facing) => f.github.canWrite(f.at, f.maintainer)],
  ["checks/list-for-ref", async (f: Facing) => f.github.shown(f.at, await f.main())],
  ["issues/list-comments", (f: Facing) => f.github.comment(f.at, 1, { marker: "x" })],
  ["apps/create-installation-access-token", (f: Facing) => f.clients.token(f.at, { issues: "write" })],
] as const;

/** Of its own, so that no token is held from before. */
async function alone(work: (one: Facing) => Promise<void>) {
  const one = await facing();
  await work(one);
  await endWithoutViolations(one);
}

test("a 502 and a secondary rate limit fail the call at once: nothing waits and nothing is asked twice", async () => {
  await alone(async (one) => {
    await one.commit("topic", { x: "y" });
    await one.open("topic");
    for (const [op, call] of CALLS) {
      // Two faults: a call that asked again would use up both.
      const bad = { op, times: 2, status: 502, message: "Bad Gateway" };
      one.admin.fault(bad);
      expect([op, await refusal(call(one))]).toEqual([op, 502]);
      expect([op, bad.times]).toEqual([op, 1]);
      one.admin.clearFaults();
      const limit = secondaryLimit(op, 2, 3600);
      one.admin.fault(limit);
      expect([op, await refusal(call(one))]).toEqual([op, 403]);
      expect([op, limit.times]).toEqual([op, 1]);
      one.admin.clearFaults();
      expect([op, await refusal(call(one))]).toEqual([op, 200]);
    }
  });
});

test("where the app is not installed any more, pull requests and branches are gone and the rest fails", async () => {
  const left = { ...world.at, installation: 4711 };
  expect(await world.github.pull(left, 1)).toBeUndefined();
  expect(await world.github.branch(left, "main")).toBeUndefined();
  expect(await refusal(world.github.paths(left, gone))).toBe(404);
});
