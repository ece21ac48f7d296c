import { afterEach, beforeEach, expect, test } from "vitest";
import { secondaryLimit } from "../../../src/local/github/faults.ts";
import { endWithoutViolations, gitIn, here, refusal, stage, withToken, type Stage } from "./world.ts";

let world: Stage;

beforeEach(async () => {
  world = await stage();
});
afterEach(() => endWithoutViolations(world));

const create = async () => {
  const { data } = await world.bot.rest.git.getRef({ ...here, ref: "heads/main" });
  return world.bot.rest.checks.create({ ...here, name: "build", head_sha: data.object.sha });
};

test("an operation fails as often as it was told to, and then works", async () => {
  world.admin.fault({ op: "checks/create", times: 2, status: 502 });
  expect(await refusal(create())).toBe(502);
  expect(await refusal(create())).toBe(502);
  expect((await create()).status).toBe(201);
});

test("the secondary rate limit says when to come back", async () => {
  world.admin.fault(secondaryLimit("checks/create", 1, 60));
  await expect(create()).rejects.toMatchObject({
    status: 403,
    message: expect.stringContaining("secondary rate limit"),
    response: { headers: { "retry-after": "60" } },
  });
});

test("a fault of all operations takes the next one, whichever it is", async () => {
  world.admin.fault({ op: "*", times: 1, status: 500 });
  expect(await refusal(world.bot.rest.repos.get(here))).toBe(500);
});

test("a late answer is a right answer", async () => {
  world.admin.fault({ op: "repos/get", times: 1, delayMs: 30 });
  expect((await world.nobody.rest.repos.get(here)).data.name).toBe("packages");
});

test("GraphQL fails as a whole, or in one of its mutations", async () => {
  const { admin, bot } = world;
  const { data: repository } = await bot.rest.repos.get(here);
  const { data: main } = await bot.rest.git.getRef({ ...here, ref: "heads/main" });
  const one = (name: string) =>
    `${name}: createCheckRun(input: {repositoryId: "${repository.node_id}", headSha: "${main.object.sha}", name: "${name}"}) { checkRun { name } }`;
  const both = () => bot.graphql(`mutation { ${one("first")} ${one("second")} }`);
  admin.fault(secondaryLimit("graphql", 1, 30));
  await expect(both()).rejects.toMatchObject({
    status: 403,
    response: { headers: { "retry-after": "30" } },
  });
  admin.fault({ op: "graphql/createCheckRun", times: 1, status: 502, message: "Something went wrong" });
  await expect(both()).rejects.toMatchObject({
    data: { first: null, second: { checkRun: { name: "second" } } },
    errors: [{ path: ["first"], message: "Something went wrong" }],
  });
});

test("git has faults of its own", async () => {
  const { gitHub, admin, maintainer, dir } = world;
  const address = withToken(gitHub, maintainer.token, "maintainer/packages");
  admin.fault({ op: "git/upload-pack", times: 1, status: 503 });
  await expect(gitIn(dir, "ls-remote", address)).rejects.toThrow(/503/);
  expect(await gitIn(dir, "ls-remote", address)).toContain("refs/heads/main");
});

test("every answer counts what is left of the hour", async () => {
  const first = await world.bot.rest.repos.get(here);
  const second = await world.bot.rest.repos.get(here);
  const left = (answer: typeof first) => Number(answer.headers["x-ratelimit-remaining"]);
  expect(left(second)).toBe(left(first) - 1);
});

test("an answer that has not changed is 304 to who knows its tag", async () => {
  const first = await world.bot.rest.repos.get(here);
  const headers = { "if-none-match": first.headers.etag ?? "" };
  expect(await refusal(world.bot.rest.repos.get({ ...here, headers }))).toBe(304);
});
