import { access, readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { attacks } from "./hostile.ts";
import { openVillage, type Village } from "./village.ts";

// What a stranger may write in a pull request: refused, with nothing written elsewhere and nobody reached.
const all = await attacks();
let village: Village;

beforeAll(async () => {
  village = await openVillage();
  const to = (path: string, location: string) =>
    village.web.routes.set(path, { status: 302, headers: { location } });
  const refs = "info/refs?service=git-upload-pack";
  to("/to-inside", "https://inside.example/x");
  to("/to-meta", "https://meta.example/latest/meta-data");
  to("/to-number", village.canary.origin);
  to("/to-file", "file:///etc/passwd");
  to(`/inside.git/${refs}`, `https://inside.example/hello.git/${refs}`);
  to(`/number.git/${refs}`, `${village.canary.origin}/hello.git/${refs}`);
  village.web.routes.set(`/page.git/${refs}`, { headers: { "content-type": "text/html" }, body: "<p>" });
});
afterAll(() => village.close());

const rootFiles = async () => (await readdir(village.root)).filter((name) => !name.startsWith("stage-"));

test.each(all.map(([name], at) => [name, at] as const))("%s is refused", async (_, at) => {
  const [, service, because, given] = all[at]!;
  const before = await rootFiles();
  const error: unknown = await village.run(service, given).catch((error: unknown) => error);
  expect(error).toBeInstanceOf(Error);
  expect(error).toMatchObject({ exit: 2, kind: "refused" });
  expect((error as Error).message).toContain(because);
  expect((error as Error).message).toMatch(/^hello\/_service:\d+: /);
  expect(await rootFiles()).toEqual(before);
});

test("nothing was reached and nothing was left", async () => {
  expect(all.length).toBeGreaterThan(60);
  expect(village.canary.hits).toEqual([]);
  await expect(access("/tmp/owned")).rejects.toThrow("ENOENT");
  for (const stage of (await readdir(village.root)).filter((name) => name.startsWith("stage-"))) {
    const there = (await readdir(join(village.root, stage))).filter((name) => !name.startsWith("source-"));
    expect(there.toSorted()).toEqual(["SOURCES", "SPECS"]);
  }
});

test("the canary hears who comes", async () => {
  const other = await openVillage();
  await fetch(other.canary.origin);
  expect(other.canary.hits).toEqual(["connection", "/"]);
  await other.close();
});
