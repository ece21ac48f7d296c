import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { gitIn, here, stage, withToken, type Stage } from "./world.ts";

let world: Stage;
let clone: string;

beforeAll(async () => {
  world = await stage();
  clone = await mkdtemp(join(tmpdir(), "clone-"));
});

afterAll(async () => {
  await world.end();
  await rm(clone, { recursive: true, force: true });
});

const heard = (event: string, action?: string) =>
  world.hooks.heard.filter((one) => one.event === event && one.action === action);

test("a pull request lives from push to merge, and nothing said departs from GitHub's description", async () => {
  const { gitHub, admin, maintainer, bot, app } = world;
  const person = world.as(maintainer.token);

  // The app finds its way.
  expect((await app.rest.apps.getAuthenticated()).data?.id).toBe(7);
  expect((await app.rest.apps.getRepoInstallation(here)).data.id).toBe(world.installation.id);
  const { data: reach } = await bot.rest.apps.listReposAccessibleToInstallation();
  expect(reach.repositories.map(({ full_name }) => full_name)).toEqual(["maintainer/packages"]);

  // A maintainer clones, commits and pushes with git.
  await gitIn(clone, "clone", "-q", withToken(gitHub, maintainer.token, "maintainer/packages"), "packages");
  const work = join(clone, "packages");
  await gitIn(work, "checkout", "-q", "-b", "bump/hello");
  await writeFile(join(work, "hello/hello.spec"), "Name: hello\nVersion: 1.1\n");
  await gitIn(work, "commit", "-q", "-a", "-m", "hello 1.1");
  await gitIn(work, "push", "-q", "origin", "bump/hello");
  const head = await gitIn(work, "rev-parse", "HEAD");
  await admin.settled();
  expect(heard("create")[0]?.payload).toMatchObject({ ref: "bump/hello", ref_type: "branch" });
  expect(heard("push")[0]?.payload).toMatchObject({
    ref: "refs/heads/bump/hello",
    after: head,
    created: true,
    commits: [{ id: head, modified: ["hello/hello.spec"], added: [], removed: [] }],
  });
  expect(heard("check_suite", "requested")[0]?.payload["check_suite"]).toMatchObject({ head_sha: head });

  // A pull request.
  const opened = await person.rest.pulls.create({
    ...here,
    title: "hello 1.1",
    head: "bump/hello",
    base: "main",
  });
  const pull = { ...here, pull_number: opened.data.number };
  expect(opened.data).toMatchObject({ mergeable: true, changed_files: 1, commits: 1, head: { sha: head } });
  const { data: files } = await bot.rest.pulls.listFiles(pull);
  expect(files[0]).toMatchObject({
    filename: "hello/hello.spec",
    status: "modified",
    additions: 1,
    deletions: 1,
  });
  expect(files[0]?.patch).toContain("+Version: 1.1");
  expect((await bot.rest.pulls.listCommits(pull)).data.map(({ sha }) => sha)).toEqual([head]);
  expect((await bot.rest.pulls.list({ ...here, head: "maintainer:bump/hello" })).data).toHaveLength(1);
  const { data: compared } = await bot.rest.repos.compareCommitsWithBasehead({
    ...here,
    basehead: "main...bump/hello",
  });
  expect(compared).toMatchObject({ status: "ahead", ahead_by: 1, behind_by: 0 });

  // Content by branch, by merge ref, raw, as directory, as tree.
  const { data: content } = await bot.rest.repos.getContent({
    ...here,
    path: "hello/hello.spec",
    ref: `refs/pull/${pull.pull_number}/merge`,
  });
  expect(Buffer.from((content as { content: string }).content, "base64").toString()).toContain("1.1");
  const raw = await bot.rest.repos.getContent({
    ...here,
    path: "hello/hello.spec",
    mediaType: { format: "raw" },
  });
  expect(raw.data).toBe("Name: hello\nVersion: 1.0\n");
  const { data: directory } = await bot.rest.repos.getContent({ ...here, path: "" });
  expect(directory).toMatchObject([{ name: "README.md" }, { name: "hello", type: "dir" }]);
  const { data: tree } = await bot.rest.git.getTree({ ...here, tree_sha: head, recursive: "1" });
  expect(tree.tree.map(({ path }) => path)).toEqual(["README.md", "hello", "hello/hello.spec"]);

  // Checks.
  const { data: check } = await bot.rest.checks.create({
    ...here,
    name: "build",
    head_sha: head,
    status: "in_progress",
    external_id: "b1",
    output: { title: "Building", summary: "soon" },
    actions: [{ label: "Again", description: "Build again", identifier: "again" }],
  });
  await bot.rest.checks.update({
    ...here,
    check_run_id: check.id,
    conclusion: "failure",
    output: {
      title: "Failed",
      summary: "no luck",
      annotations: [
        { path: "hello/hello.spec", start_line: 1, end_line: 1, annotation_level: "failure", message: "why" },
      ],
    },
  });
  const { data: checks } = await bot.rest.checks.listForRef({
    ...here,
    ref: head,
    app_id: 7,
    check_name: "build",
  });
  expect(checks.check_runs).toMatchObject([{ id: check.id, status: "completed", conclusion: "failure" }]);
  expect((await bot.rest.checks.listAnnotations({ ...here, check_run_id: check.id })).data).toHaveLength(1);
  expect((await bot.rest.checks.listSuitesForRef({ ...here, ref: head })).data.check_suites).toMatchObject([
    { status: "completed", conclusion: "failure", app: { id: 7 } },
  ]);
  expect(
    (await bot.rest.checks.listForSuite({ ...here, check_suite_id: check.check_suite?.id ?? 0 })).data,
  ).toMatchObject({ total_count: 1 });
  await admin.pressButton(check.id, "again", "maintainer");
  await admin.rerunCheck(check.id, "maintainer");
  await admin.rerunSuite(check.check_suite?.id ?? 0, "maintainer");

  // Talk.
  const asked = await person.rest.issues.createComment({
    ...here,
    issue_number: pull.pull_number,
    body: "/build",
  });
  const comment = { ...here, comment_id: asked.data.id };
  expect((await bot.rest.reactions.createForIssueComment({ ...comment, content: "eyes" })).status).toBe(201);
  expect((await bot.rest.reactions.createForIssueComment({ ...comment, content: "eyes" })).status).toBe(200);
  const said = await bot.rest.issues.createComment({ ...here, issue_number: pull.pull_number, body: "one" });
  await bot.rest.issues.updateComment({ ...here, comment_id: said.data.id, body: "two" });
  const { data: comments } = await bot.rest.issues.listComments({ ...here, issue_number: pull.pull_number });
  expect(comments.map(({ body, user }) => [body, user?.type])).toEqual([
    ["/build", "User"],
    ["two", "Bot"],
  ]);
  const { data: level } = await bot.rest.repos.getCollaboratorPermissionLevel({
    ...here,
    username: "maintainer",
  });
  expect(level).toMatchObject({ permission: "admin", user: { id: maintainer.id } });

  // Merge, tag, release.
  const { data: merged } = await person.rest.pulls.merge(pull);
  expect((await bot.rest.pulls.get(pull)).data).toMatchObject({
    merged: true,
    state: "closed",
    changed_files: 1,
  });
  const { data: branch } = await bot.rest.repos.getBranch({ ...here, branch: "main" });
  expect(branch).toMatchObject({ protected: false, commit: { sha: merged.sha } });
  await gitIn(work, "fetch", "-q", "origin", "main");
  await gitIn(work, "tag", "-a", "v1.1", "-m", "one", "FETCH_HEAD");
  await gitIn(work, "push", "-q", "origin", "v1.1", ":bump/hello");
  const { data: release } = await bot.rest.repos.createRelease({ ...here, tag_name: "v1.2", draft: true });
  await bot.rest.repos.updateRelease({ ...here, release_id: release.id, draft: false });
  expect((await bot.rest.git.getRef({ ...here, ref: "tags/v1.2" })).data.object.sha).toBe(merged.sha);

  await admin.ping();
  await admin.settled();
  expect(world.hooks.heard.map(({ event, action }) => (action ? `${event}.${action}` : event))).toEqual(
    expect.arrayContaining([
      "installation.created",
      "pull_request.opened",
      "pull_request.closed",
      "check_run.created",
      "check_run.completed",
      "check_run.requested_action",
      "check_run.rerequested",
      "check_suite.rerequested",
      "issue_comment.created",
      "issue_comment.edited",
      "delete",
      "release.created",
      "release.published",
      "ping",
    ]),
  );
  expect(world.hooks.heard.every(({ signed }) => signed)).toBe(true);
  expect(gitHub.violations()).toEqual({ request: [], response: [], webhook: [] });
});

test("a builder fetches the merge of a pull request by SHA, shallow, with a token of its own", async () => {
  const { gitHub, maintainer, app, installation } = world;
  const person = world.as(maintainer.token);
  const main = await person.rest.git.getRef({ ...here, ref: "heads/main" });
  await person.rest.git.createRef({ ...here, ref: "refs/heads/topic", sha: main.data.object.sha });
  const change = { ...here, path: "new.spec", message: "new", content: "TmFtZTogbmV3Cg==", branch: "topic" };
  await person.rest.repos.createOrUpdateFileContents(change);
  const { data: pull } = await person.rest.pulls.create({
    ...here,
    title: "new",
    head: "topic",
    base: "main",
  });
  const { data: narrow } = await app.rest.apps.createInstallationAccessToken({
    installation_id: installation.id,
    repositories: ["packages"],
    permissions: { contents: "read" },
  });
  const { data: now } = await person.rest.pulls.get({ ...here, pull_number: pull.number });
  const dir = join(clone, "builder");
  await gitIn(clone, "init", "-q", "builder");
  const address = withToken(gitHub, narrow.token, "maintainer/packages");
  await gitIn(dir, "fetch", "-q", "--depth", "1", address, now.merge_commit_sha ?? "");
  await gitIn(dir, "checkout", "-q", "FETCH_HEAD");
  expect(await readFile(join(dir, "new.spec"), "utf8")).toBe("Name: new\n");
  expect(gitHub.violations()).toEqual({ request: [], response: [], webhook: [] });
});
