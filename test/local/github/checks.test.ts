import { afterAll, beforeAll, expect, test } from "vitest";
import { here, refusal, stage, type Stage } from "./world.ts";

let world: Stage;
let sha: string;

beforeAll(async () => {
  world = await stage();
  const { data } = await world.bot.rest.git.getRef({ ...here, ref: "heads/main" });
  sha = data.object.sha;
});
afterAll(() => world.end());

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
