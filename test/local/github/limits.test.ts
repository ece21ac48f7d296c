import { afterEach, expect, test } from "vitest";
import { contentLimits, usualContentLimit } from "../../../src/local/github/content-limit.ts";
import { endWithoutViolations, here, stage, type Stage } from "./world.ts";

const opened: Stage[] = [];
const clock = { ms: 0 };

const begin = async (contentLimit = usualContentLimit) => {
  clock.ms = Date.now();
  const world = await stage({ contentLimit, now: () => new Date(clock.ms).toISOString() });
  opened.push(world);
  const { data } = await world.app.rest.apps.createInstallationAccessToken({
    installation_id: world.installation.id,
  });
  const bot = world.as(data.token);
  const { object } = (await bot.rest.git.getRef({ ...here, ref: "heads/main" })).data;
  const repository = (await bot.rest.repos.get(here)).data.node_id;
  const one = `createCheckRun(input: {repositoryId: "${repository}", headSha: "${object.sha}", name: "x"}) { checkRun { id } }`;
  return {
    world,
    bot,
    rest: () => bot.rest.checks.create({ ...here, name: "x", head_sha: object.sha }),
    many: (count: number) =>
      bot.graphql(`mutation { ${Array.from({ length: count }, (_, at) => `a${at}: ${one}`).join("\n")} }`),
    runs: async () =>
      (await bot.rest.checks.listForRef({ ...here, ref: object.sha, filter: "all" })).data.total_count,
  };
};

afterEach(async () => {
  for (const one of opened.splice(0)) await endWithoutViolations(one);
});

const limited = (seconds: number) => ({
  status: 403,
  message: expect.stringContaining("secondary rate limit"),
  response: { headers: { "retry-after": String(seconds) } },
});

test("the write after eighty in a minute is refused until the minute is over", async () => {
  const { rest, many } = await begin();
  await many(79);
  clock.ms += 20_000;
  await rest();
  await expect(rest()).rejects.toMatchObject(limited(40));
  clock.ms += 40_000;
  await rest();
});

test("a request of many writes goes through whole or not at all", async () => {
  const { many, runs } = await begin();
  await many(50);
  await expect(many(31)).rejects.toMatchObject(limited(60));
  expect(await runs()).toBe(50);
  await many(30);
  expect(await runs()).toBe(80);
});

test("no more than the hour's part is written in an hour, and others have theirs", () => {
  const count = contentLimits({ perMinute: 5, perHour: 12 });
  const minute = 60_000;
  count("one", 5, 0);
  count("one", 5, minute);
  count("one", 2, 2 * minute);
  expect(() => count("one", 1, 3 * minute)).toThrow("secondary rate limit");
  count("other", 5, 3 * minute);
  count("one", 5, 60 * minute);
  expect(() => count("one", 1, 60 * minute)).toThrow("secondary rate limit");
});

test("reading counts as no write, and what people write is not counted", async () => {
  const { world, bot, many } = await begin({ perMinute: 2, perHour: 10 });
  await many(2);
  await bot.rest.repos.get(here);
  await bot.graphql("{ viewer { login } }");
  const person = world.as(world.maintainer.token);
  const { data } = await person.rest.git.getRef({ ...here, ref: "heads/main" });
  const ref = { ...here, ref: "refs/heads/mine", sha: data.object.sha };
  expect((await person.rest.git.createRef(ref)).status).toBe(201);
});

test("calls are listed with who made them, and how much each asked for", async () => {
  const { world, rest, many } = await begin();
  world.admin.forgetCalls();
  await rest();
  await many(3);
  expect(world.admin.calls()).toMatchObject([
    {
      method: "POST",
      route: "/repos/{owner}/{repo}/check-runs",
      operation: "checks/create",
      count: 1,
      caller: `installation ${world.installation.id}`,
      status: 201,
    },
    { method: "POST", route: "/graphql", operation: "createCheckRun x3", count: 3, status: 200 },
  ]);
});

test("a delay makes every call of either API take that long", async () => {
  const { world, rest, many } = await begin();
  world.admin.forgetCalls();
  world.admin.delay(60);
  await Promise.all([rest(), many(2)]);
  world.admin.delay(0);
  // Timers may fire a little early.
  for (const { began, ended } of world.admin.calls()) expect(ended - began).toBeGreaterThan(55);
});
