import { afterAll, beforeAll, expect, test } from "vitest";
import { endAnsweredRight, here, refusal, stage, type Stage } from "./world.ts";

let world: Stage;
let sha: string;

beforeAll(async () => {
  world = await stage();
  const { data } = await world.bot.rest.git.getRef({ ...here, ref: "heads/main" });
  sha = data.object.sha;
});
afterAll(() => endAnsweredRight(world));

const create = (more: Record<string, unknown>) =>
  world.bot.rest.checks.create({ ...here, name: "build", head_sha: sha, ...more });

const times = <T>(count: number, one: T): T[] => Array.from({ length: count }, () => one);

const annotation = {
  path: "README.md",
  start_line: 1,
  end_line: 1,
  annotation_level: "notice" as const,
  message: "so",
};

test("a completed run without a conclusion is refused", async () => {
  expect(await refusal(create({ status: "completed" }))).toBe(422);
});

test("a run of an unknown commit is refused", async () => {
  expect(await refusal(create({ head_sha: "f".repeat(40) }))).toBe(422);
});

test("texts, annotations and actions have GitHub's limits", async () => {
  const output = { title: "t", summary: "s" };
  const action = { label: "Again", description: "Build again", identifier: "again" };
  expect(await refusal(create({ output: { ...output, summary: "x".repeat(65_536) } }))).toBe(422);
  expect(await refusal(create({ output: { ...output, text: "x".repeat(65_536) } }))).toBe(422);
  expect(await refusal(create({ output: { ...output, annotations: times(51, annotation) } }))).toBe(422);
  expect(await refusal(create({ actions: times(4, action) }))).toBe(422);
  expect(await refusal(create({ actions: [{ ...action, label: "x".repeat(21) }] }))).toBe(422);
  expect(await refusal(create({ output: { ...output, summary: "x".repeat(65_535) } }))).toBe(200);
});

test("annotations of later requests are added to those before", async () => {
  const output = { title: "t", summary: "s", annotations: times(50, annotation) };
  const { data } = await create({ name: "long", output });
  const more = await world.bot.rest.checks.update({ ...here, check_run_id: data.id, output });
  expect(more.data.output.annotations_count).toBe(100);
  const all = await world.bot.paginate(world.bot.rest.checks.listAnnotations, {
    ...here,
    check_run_id: data.id,
  });
  expect(all).toHaveLength(100);
});

test("the list shows the newest run of a name, or all of them", async () => {
  await create({ name: "twice", external_id: "1", conclusion: "failure" });
  await create({ name: "twice", external_id: "2", conclusion: "success" });
  const list = async (filter: "latest" | "all") => {
    const asked = { ...here, ref: sha, check_name: "twice", filter };
    return (await world.bot.rest.checks.listForRef(asked)).data.check_runs.map(
      ({ external_id }) => external_id,
    );
  };
  expect(await list("latest")).toEqual(["2"]);
  expect(await list("all")).toEqual(["2", "1"]);
});

test("asking for a run again resets its suite and leaves the run", async () => {
  const { data: run } = await create({ name: "again", conclusion: "success" });
  await world.bot.rest.checks.rerequestRun({ ...here, check_run_id: run.id });
  expect((await world.bot.rest.checks.get({ ...here, check_run_id: run.id })).data.status).toBe("completed");
  const suite = { ...here, check_suite_id: run.check_suite?.id ?? 0 };
  expect((await world.bot.rest.checks.getSuite(suite)).data.status).toBe("queued");
});

const refusedWith = async (call: Promise<unknown>) =>
  call.then(
    () => undefined,
    (error: { response?: { data?: unknown } }) => error.response?.data,
  );

test("what is too long or too much is refused in GitHub's words", async () => {
  const output = { title: "t", summary: "s" };
  const words = async (more: Record<string, unknown>) => refusedWith(create(more));
  expect(await words({ output: { ...output, summary: "x".repeat(70_000) } })).toMatchObject({
    message: "Invalid request.\n\nOnly 65535 characters are allowed; 70000 were supplied.",
  });
  expect(await words({ output: { ...output, text: "ä".repeat(40_000) } })).toMatchObject({
    message: "Validation Failed",
    errors: [
      {
        resource: "CheckRun",
        field: "text",
        code: "custom",
        message: "text exceeds a maximum bytesize of 65535",
      },
    ],
  });
  expect(await words({ output: { ...output, annotations: times(51, annotation) } })).toMatchObject({
    message: "Invalid request.\n\nNo more than 50 items are allowed; 51 were supplied.",
  });
  const columns = { ...annotation, end_line: 2, start_column: 1, end_column: 2 };
  expect(await words({ output: { ...output, annotations: [columns] } })).toMatchObject({ status: "422" });
  expect(await words({ conclusion: "stale" })).toMatchObject({ status: "422" });
});

test("a completed run stays completed whatever status it is given", async () => {
  const { data: run } = await create({ name: "done", conclusion: "failure" });
  const asked = { ...here, check_run_id: run.id };
  const { data: same } = await world.bot.rest.checks.update({ ...asked, status: "in_progress" });
  expect(same).toMatchObject({ status: "completed", conclusion: "failure" });
  const { data: other } = await world.bot.rest.checks.update({ ...asked, conclusion: "success" });
  expect(other).toMatchObject({ status: "completed", conclusion: "success" });
});

test("a button tells the app which was pressed and by whom", async () => {
  const actions = [{ label: "ACK and build", description: "Build this commit", identifier: "ack" }];
  const { data: run } = await create({ name: "asks", conclusion: "action_required", actions });
  await world.admin.pressButton(run.id, "ack", "maintainer");
  await world.admin.settled();
  expect(world.hooks.heard.at(-1)).toMatchObject({
    event: "check_run",
    action: "requested_action",
    payload: {
      requested_action: { identifier: "ack" },
      check_run: { id: run.id, node_id: run.node_id },
      sender: { login: "maintainer", id: world.maintainer.id },
    },
  });
});

test("buttons are there for those who may write, and only those that the run offers", async () => {
  const { data: run } = await create({ name: "plain", conclusion: "failure" });
  const { admin } = world;
  await expect(admin.pressButton(run.id, "ack", "maintainer")).rejects.toThrow("offers no action ack");
  await expect(admin.pressButton(run.id, "ack", "stranger")).rejects.toThrow("may not write");
  expect(() => admin.rerunCheck(run.id, "stranger")).toThrow("may not write");
  expect(() => admin.rerunSuite(run.check_suite?.id ?? 0, "stranger")).toThrow("may not write");
});

test("running a suite again makes it wait, and the next run ends the waiting", async () => {
  const { data: run } = await create({ name: "suite", conclusion: "success" });
  const id = run.check_suite?.id ?? 0;
  await world.admin.rerunSuite(id, "maintainer");
  await world.admin.settled();
  const heard = world.hooks.heard.at(-1);
  expect(heard).toMatchObject({
    event: "check_suite",
    action: "rerequested",
    payload: { check_suite: { id } },
  });
  const status = async () =>
    (await world.bot.rest.checks.getSuite({ ...here, check_suite_id: id })).data.status;
  expect(await status()).toBe("queued");
  await create({ name: "suite", status: "in_progress" });
  expect(await status()).toBe("in_progress");
});

test("news of checks reaches the apps that listen, what is asked of an app reaches it alone", async () => {
  const deaf = await stage({ app: { ...world.options.app, webhookUrl: world.hooks.url, events: ["push"] } });
  const heard = (event: string) => world.hooks.heard.filter((one) => one.event === event).length;
  const asked = { ...here, ref: "heads/main" };
  const { object } = (await deaf.bot.rest.git.getRef(asked)).data;
  await world.admin.settled();
  const before = heard("check_run");
  const run = { ...here, name: "quiet", head_sha: object.sha, conclusion: "failure" } as const;
  const { data } = await deaf.bot.rest.checks.create(run);
  await deaf.admin.settled();
  expect(heard("check_run")).toBe(before);
  await deaf.admin.rerunCheck(data.id, "maintainer");
  await deaf.admin.settled();
  expect(heard("check_run")).toBe(before + 1);
  await endAnsweredRight(deaf);
});
