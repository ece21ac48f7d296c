import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { rememberedRevision, withRevision } from "../../../src/pipelines/service/servicedata.ts";
import type { Change } from "../../../src/source/services/run-services.ts";
import { openVillage, type Village } from "./village.ts";

const URL = "https://git.example/hello.git";
let village: Village;
let service = "";
beforeAll(async () => {
  village = await openVillage();
  service = await readFile(join(import.meta.dirname, "../../fixtures/services/obs-scm-release.xml"), "utf8");
});
afterAll(() => village.close());

/** What is told of upstream when `_servicedata` remembers this commit. */
async function since(commit: string) {
  const told: Change[] = [];
  const files = { _servicedata: withRevision("", URL, commit) };
  const manual = service.replace('name="obs_scm"', 'name="obs_scm" mode="manual"');
  const run = await village.run(manual, files, { update: { onChange: (change) => void told.push(change) } });
  expect(run.made).toEqual(["hello-1.2.3.obscpio", "hello.obsinfo"]);
  expect(run.outputs.map(({ name }) => name)).not.toContain("_service:obs_scm:hello.obsinfo");
  const data = (await run.read("_servicedata")).toString();
  return { told, remembered: rememberedRevision(data, URL) };
}

test("what changed since the last time is told, and the new commit is remembered", async () => {
  const { first, second } = village.shas;
  const { told, remembered } = await since(first);
  expect(told).toEqual([{ url: URL, from: first, to: second, version: "1.2.3", lines: ["a change"] }]);
  expect(remembered).toBe(second);
});

test("of a commit that is not before it nothing is told but that it is new", async () => {
  const { second, third } = village.shas;
  for (const other of [third, "0".repeat(40), "--output=x"])
    expect((await since(other)).told).toEqual([
      { url: URL, from: undefined, to: second, version: "1.2.3", lines: [] },
    ]);
});

test("where nothing changed nothing is told", async () => {
  expect((await since(village.shas.second)).told).toEqual([]);
});

test("a build neither asks nor remembers", async () => {
  const { made } = await village.run(service);
  expect(made).not.toContain("_servicedata");
});
