import { afterEach, beforeEach, expect, test } from "vitest";
import { checkedContract } from "../../../src/local/github/contract.ts";
import { openApi } from "../../../src/local/github/openapi.ts";
import { here, refusal, stage, type Stage } from "./world.ts";

let world: Stage;

beforeEach(async () => {
  world = await stage();
});
afterEach(() => world.end());

test("a request that GitHub's description does not know is written down", async () => {
  await refusal(world.bot.request("GET /repos/{owner}/{repo}/nothing-of-the-kind", here));
  expect(world.gitHub.violations().request).toEqual([
    "GET /api/v3/repos/maintainer/packages/nothing-of-the-kind: no such operation",
  ]);
});

test("a request with a wrong word or an unknown field is written down", async () => {
  const { data } = await world.bot.rest.git.getRef({ ...here, ref: "heads/main" });
  const run = { ...here, name: "x", head_sha: data.object.sha };
  await refusal(
    world.bot.request("POST /repos/{owner}/{repo}/check-runs", { ...run, conclusion: "passed" as never }),
  );
  await refusal(world.bot.request("POST /repos/{owner}/{repo}/check-runs", { ...run, colour: "red" }));
  const said = world.gitHub.violations().request;
  expect(said.some((line) => line.startsWith("checks/create: /conclusion"))).toBe(true);
  expect(said).toContain("checks/create: unknown field colour");
});

test("an answer or a payload that lacks a field is written down", () => {
  const openapi = openApi();
  const contract = checkedContract(openapi);
  const operation = openapi.operation("GET", "/app");
  contract.response(operation!, 200, { id: "seven" });
  contract.webhook("issue_comment", "created", { action: "created" });
  const { response, webhook } = contract.violations();
  expect(response.some((line) => line.includes("apps/get-authenticated 200: /id must be integer"))).toBe(
    true,
  );
  expect(webhook.some((line) => line.includes("must have required property 'comment'"))).toBe(true);
});

test("a question that GitHub's published GraphQL schema does not allow is refused and written down", async () => {
  const asked = world.bot.graphql('{ viewer { login colour } repository(owner: "a") { id } }');
  await expect(asked).rejects.toMatchObject({
    errors: [
      {
        message: "Field 'colour' doesn't exist on type 'User'",
        extensions: { code: "undefinedField", typeName: "User", fieldName: "colour" },
      },
      { message: expect.stringContaining('argument "name"') },
    ],
  });
  await expect(world.bot.graphql("{ viewer")).rejects.toMatchObject({ data: undefined });
  const mutation =
    "mutation($input: CreateCheckRunInput!) { createCheckRun(input: $input) { checkRun { id } } }";
  const input = { repositoryId: "R_x", headSha: "main", name: "x" };
  await expect(world.bot.graphql(mutation, { input })).rejects.toMatchObject({ data: undefined });
  const { request, response } = world.gitHub.violations();
  expect(request).toHaveLength(4);
  expect(request[3]).toContain('"main" is not a valid GitObjectID');
  expect(response).toEqual([]);
});

test("an answer of GraphQL that lacks what the schema promises is written down", async () => {
  await expect(
    world.bot.graphql('{ repository(owner: "maintainer", name: "packages") { stargazerCount } }'),
  ).rejects.toMatchObject({ data: { repository: null } });
  expect(world.gitHub.violations().response).toEqual([
    "graphql repository.stargazerCount: the local GitHub does not answer Repository.stargazerCount",
  ]);
});

test("without the contract nothing is written down", async () => {
  const quick = await stage({ contract: false });
  try {
    await refusal(quick.bot.request("GET /repos/{owner}/{repo}/nothing-of-the-kind", here));
    expect(quick.gitHub.violations()).toEqual({ request: [], response: [], webhook: [] });
  } finally {
    await quick.end();
  }
});
