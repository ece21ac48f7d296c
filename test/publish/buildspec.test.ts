import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { toolOf } from "../../serverless/tools.ts";
import { serve } from "./kit.ts";
import { world } from "./world.ts";

/** The commands of the buildspec, in the order of its phases, as CodeBuild starts them. */
async function programs(variables: Readonly<Record<string, string>>) {
  const { phases } = parse(
    await readFile(join(import.meta.dirname, "../../buildspecs/publish.yml"), "utf8"),
  ) as {
    readonly phases: Readonly<Record<string, { readonly commands: readonly string[] }>>;
  };
  const commands = ["install", "pre_build", "build"].flatMap((phase) => phases[phase]?.commands ?? []);
  return commands.map((command) => ({ argv: ["bash", "-c", command], variables }));
}

test("the buildspec fetches the bundled program, checks its digest and publishes", async () => {
  const tool = (await toolOf("publish"))!;
  await using it = await world();
  await using served = await serve(async () => tool.body);
  const variables = { MILLWRIGHT_TOOL: `${served.url}/${tool.key}`, MILLWRIGHT_TOOL_SHA256: tool.sha256 };
  const ended = await it.stage([await it.offered("hello")], await programs(variables));
  expect(ended).toMatchObject({ code: 0 });
  expect(await it.blobs.get("mirror/acme/leap-15.6/mirrorlist")).toBeDefined();
}, 60_000);

test("the buildspec does not run a program of another digest", async () => {
  await using it = await world();
  await using served = await serve(async () => Buffer.from("console.log('it ran')"));
  const variables = { MILLWRIGHT_TOOL: `${served.url}/tool.mjs`, MILLWRIGHT_TOOL_SHA256: "0".repeat(64) };
  const ended = await it.stage([], await programs(variables));
  expect(ended.code).toBe(1);
  expect(ended.log).toContain("publish.mjs: FAILED");
  expect(ended.log).not.toContain("it ran");
});
