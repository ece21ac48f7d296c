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

test("without the contract nothing is written down", async () => {
  const quick = await stage({ contract: false });
  try {
    await refusal(quick.bot.request("GET /repos/{owner}/{repo}/nothing-of-the-kind", here));
    expect(quick.gitHub.violations()).toEqual({ request: [], response: [], webhook: [] });
  } finally {
    await quick.end();
  }
});
