import { chmod, mkdir, writeFile } from "node:fs/promises";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { endWithoutViolations, gitIn, here, stage, withToken, type Stage } from "./world.ts";

let world: Stage;

beforeAll(async () => {
  world = await stage();
});
afterAll(() => endWithoutViolations(world));

const address = () => withToken(world.gitHub, world.maintainer.token, "maintainer/packages");

test("a push of more than fits one request arrives whole", async () => {
  const work = join(world.dir, "large");
  await gitIn(world.dir, "clone", "-q", address(), work);
  await writeFile(join(work, "blob"), randomBytes(3_000_000));
  await gitIn(work, "add", "blob");
  await gitIn(work, "commit", "-q", "-m", "large");
  await gitIn(work, "push", "-q", "origin", "HEAD:refs/heads/large");
  const head = await gitIn(work, "rev-parse", "HEAD");
  expect(await gitIn(work, "ls-remote", "origin", "refs/heads/large")).toContain(head);
});

test("annotated tags are pushed, told and deleted", async () => {
  const work = join(world.dir, "tags");
  await gitIn(world.dir, "clone", "-q", address(), work);
  await gitIn(work, "tag", "-a", "v1", "-m", "one");
  await gitIn(work, "push", "-q", "origin", "v1");
  const { data: ref } = await world.bot.rest.git.getRef({ ...here, ref: "tags/v1" });
  const { data: tag } = await world.bot.rest.git.getTag({ ...here, tag_sha: ref.object.sha });
  expect(tag).toMatchObject({ tag: "v1", message: "one\n", object: { type: "commit" } });
  await gitIn(work, "push", "-q", "origin", ":v1");
  await world.admin.settled();
  const told = world.hooks.heard.filter(({ payload }) => String(payload["ref"]).endsWith("v1"));
  expect(told.map(({ event }) => event).toSorted()).toEqual(["create", "delete", "push", "push"]);
  expect(told.find(({ event }) => event === "push")?.payload).toMatchObject({
    after: ref.object.sha,
    commits: [],
  });
});

test("nobody pushes to the refs of a pull request", async () => {
  const work = join(world.dir, "refs");
  await gitIn(world.dir, "clone", "-q", address(), work);
  const push = gitIn(work, "push", "-q", "origin", "HEAD:refs/pull/1/head");
  await expect(push).rejects.toThrow(/deny updating a hidden ref/);
});

test("the default branch is not deleted", async () => {
  const work = join(world.dir, "default");
  await gitIn(world.dir, "clone", "-q", address(), work);
  await expect(gitIn(work, "push", "-q", "origin", ":main")).rejects.toThrow(
    /deletion of the current branch/,
  );
});

test("a directory becomes a repository, programs stay programs", async () => {
  const directory = join(world.dir, "seed");
  await mkdir(join(directory, "image"), { recursive: true });
  await writeFile(join(directory, "image/config.sh"), "#!/bin/bash\n");
  await chmod(join(directory, "image/config.sh"), 0o755);
  await writeFile(join(directory, "image/config.xml"), "<image/>\n");
  await world.admin.createRepository({ owner: "maintainer", name: "images", directory });
  const { data } = await world.nobody.rest.git.getTree({
    owner: "maintainer",
    repo: "images",
    tree_sha: "main",
    recursive: "1",
  });
  expect(data.tree.map(({ path, mode }) => [path, mode])).toEqual([
    ["image", "040000"],
    ["image/config.sh", "100755"],
    ["image/config.xml", "100644"],
  ]);
});

test("two pushes at once both arrive", async () => {
  const names = ["a", "b"];
  const pushes = names.map(async (name) => {
    const work = join(world.dir, `parallel-${name}`);
    await gitIn(world.dir, "clone", "-q", address(), work);
    await gitIn(work, "commit", "-q", "--allow-empty", "-m", name);
    await gitIn(work, "push", "-q", "origin", `HEAD:refs/heads/parallel-${name}`);
  });
  await Promise.all(pushes);
  const refs = await gitIn(world.dir, "ls-remote", address());
  for (const name of names) expect(refs).toContain(`refs/heads/parallel-${name}`);
});
