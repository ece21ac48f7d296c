import { Webhooks } from "@octokit/webhooks";
import { afterEach, beforeEach, expect, test } from "vitest";
import { endWithoutViolations, here, refusal, stage, type Stage } from "./world.ts";

let world: Stage;

beforeEach(async () => {
  world = await stage();
});
afterEach(() => endWithoutViolations(world));

const heard = async (event: string, action: string) => {
  await world.admin.settled();
  return world.hooks.heard.filter((one) => one.event === event && one.action === action);
};

const commit = (branch: string, files: Record<string, string>) =>
  world.admin.commit("maintainer", "packages", { by: "maintainer", branch, message: branch, files });

/** A pull request of the maintainer, as calls name it. */
const opened = async () => {
  const head = await commit("topic", { a: "a\n" });
  const asked = { ...here, title: "topic", head: "topic", base: "main" };
  const { data } = await world.as(world.maintainer.token).rest.pulls.create(asked);
  const number = data.number;
  return { head, pull: { ...here, pull_number: number }, issue: { ...here, issue_number: number } };
};

test("comments of people and bots are told of when made, edited and deleted", async () => {
  const { bot, stranger } = world;
  const { issue } = await opened();
  const person = world.as(stranger.token);
  const { data } = await person.rest.issues.createComment({ ...issue, body: "/build" });
  await bot.rest.issues.createComment({ ...issue, body: "on it" });
  await person.rest.issues.updateComment({ ...here, comment_id: data.id, body: "/retry" });
  await person.rest.issues.deleteComment({ ...here, comment_id: data.id });
  const [asked, answered] = await heard("issue_comment", "created");
  expect(asked?.payload).toMatchObject({
    issue: { number: issue.issue_number, pull_request: {} },
    comment: { body: "/build", user: { login: "stranger", type: "User" }, author_association: "NONE" },
    sender: { id: stranger.id },
  });
  expect(answered?.payload).toMatchObject({
    comment: { user: { login: "bot[bot]", type: "Bot" }, performed_via_github_app: { slug: "bot" } },
  });
  const [edited] = await heard("issue_comment", "edited");
  expect(edited?.payload).toMatchObject({ changes: { body: { from: "/build" } } });
  expect((await heard("issue_comment", "deleted"))[0]?.payload).toMatchObject({ comment: { id: data.id } });
});

test("what is sent is what GitHub's own library for webhooks takes", async () => {
  const { issue } = await opened();
  await world.bot.rest.issues.createComment({ ...issue, body: "hello" });
  const [delivery] = await heard("issue_comment", "created");
  const library = new Webhooks({ secret: "unused: the stage checks signatures" });
  const bodies: string[] = [];
  library.on("issue_comment.created", ({ payload }) => void bodies.push(payload.comment.body));
  await library.receive({
    id: delivery?.guid ?? "",
    name: "issue_comment",
    payload: delivery?.payload as never,
  });
  expect(bodies).toEqual(["hello"]);
});

test("the same reaction a second time is the first one", async () => {
  const { bot, maintainer } = world;
  const { issue } = await opened();
  const { data } = await bot.rest.issues.createComment({ ...issue, body: "hm" });
  const eyes = { ...here, comment_id: data.id, content: "eyes" } as const;
  const first = await bot.rest.reactions.createForIssueComment(eyes);
  const again = await bot.rest.reactions.createForIssueComment(eyes);
  expect([first.status, again.status, again.data.id]).toEqual([201, 200, first.data.id]);
  const other = await world.as(maintainer.token).rest.reactions.createForIssueComment(eyes);
  expect(other.status).toBe(201);
  const { data: comment } = await bot.rest.issues.getComment({ ...here, comment_id: data.id });
  expect(comment.reactions).toMatchObject({ eyes: 2, total_count: 2 });
});

test("another base is told with the one before, and the merge is tried anew", async () => {
  const { maintainer, bot } = world;
  const { pull } = await opened();
  const { data: before } = await bot.rest.pulls.get(pull);
  const stable = await commit("stable", { stable: "1\n" });
  const pulls = world.as(maintainer.token).rest.pulls;
  expect(await refusal(pulls.update({ ...pull, base: "nowhere" }))).toBe(422);
  await pulls.update({ ...pull, base: "stable" });
  expect((await heard("pull_request", "edited"))[0]?.payload).toMatchObject({
    changes: { base: { ref: { from: "main" }, sha: { from: before.base.sha } } },
    pull_request: { base: { ref: "stable", sha: stable } },
  });
});

test("a draft becomes ready and a draft again, and a draft is not merged", async () => {
  const { admin, maintainer, bot } = world;
  const { pull } = await opened();
  const where = ["maintainer", "packages", pull.pull_number] as const;
  await admin.convertToDraft(...where);
  expect((await bot.rest.pulls.get(pull)).data).toMatchObject({ draft: true, mergeable_state: "draft" });
  expect(await refusal(world.as(maintainer.token).rest.pulls.merge(pull))).toBe(405);
  await admin.readyForReview(...where, "maintainer");
  expect((await bot.rest.pulls.get(pull)).data.draft).toBe(false);
  expect(await heard("pull_request", "converted_to_draft")).toHaveLength(1);
  expect(await heard("pull_request", "ready_for_review")).toHaveLength(1);
});

test("each new label is told of once, and so is its removal", async () => {
  const { bot } = world;
  const { issue } = await opened();
  await bot.rest.issues.addLabels({ ...issue, labels: ["urgent", "arm"] });
  await bot.rest.issues.addLabels({ ...issue, labels: ["urgent"] });
  await bot.rest.issues.removeLabel({ ...issue, name: "arm" });
  const labels = (await heard("pull_request", "labeled")).map(({ payload }) => payload["label"]);
  expect(labels).toMatchObject([{ name: "urgent" }, { name: "arm" }]);
  expect((await heard("pull_request", "unlabeled"))[0]?.payload).toMatchObject({ label: { name: "arm" } });
});

test("a merge waits for the checks that the branch asks for, and says which", async () => {
  const { admin, bot, maintainer } = world;
  const { pull, head } = await opened();
  admin.protectBranch("maintainer", "packages", "main", { checks: ["build", "lint"] });
  const { data: branch } = await bot.rest.repos.getBranch({ ...here, branch: "main" });
  expect(branch).toMatchObject({
    protected: true,
    protection: { required_status_checks: { contexts: ["build", "lint"] } },
  });
  const merge = () => world.as(maintainer.token).rest.pulls.merge(pull);
  await expect(merge()).rejects.toThrow(/2 of 2 required status checks have not succeeded: 2 expected/);
  await bot.rest.checks.create({ ...here, name: "build", head_sha: head, conclusion: "success" });
  await bot.rest.repos.createCommitStatus({ ...here, sha: head, context: "lint", state: "failure" });
  expect(await refusal(merge())).toBe(405);
  expect((await bot.rest.pulls.get(pull)).data.mergeable_state).toBe("blocked");
  await bot.rest.repos.createCommitStatus({ ...here, sha: head, context: "lint", state: "success" });
  expect((await merge()).data.merged).toBe(true);
});

test("long lists of files come in pages, and comparisons end at 300", async () => {
  const { bot } = world;
  const many = Object.fromEntries(Array.from({ length: 3010 }, (_, at) => [`many/${at}`, `${at}\n`]));
  await commit("topic", many);
  const asked = { ...here, title: "many", head: "topic", base: "main" };
  const { data } = await world.as(world.maintainer.token).rest.pulls.create(asked);
  const files = { ...here, pull_number: data.number, per_page: 100 };
  expect(await bot.paginate(bot.rest.pulls.listFiles, files)).toHaveLength(3000);
  const compared = await bot.rest.repos.compareCommitsWithBasehead({ ...here, basehead: "main...topic" });
  expect(compared.data.files).toHaveLength(300);
});
