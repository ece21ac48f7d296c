import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Known } from "../../../src/source/shelf.ts";
import { digest, tarball } from "./shapes.ts";
import { openVillage, type Village } from "./village.ts";

// What one stage fetched, the next one of the recipe need not ask for again.
let village: Village;
beforeAll(async () => {
  village = await openVillage();
});
afterAll(() => village.close());
beforeEach(() => {
  village.git.seen.length = 0;
  village.web.hits.length = 0;
});

/** Lends what a stage left, as the control plane does; or other bytes in its place. */
async function lend(
  { dir, kept }: { readonly dir: string; readonly kept: readonly string[] },
  change = (body: Buffer) => body,
): Promise<readonly Known[]> {
  const lent = kept.map(async (name) => {
    const body = change(await readFile(join(dir, name)));
    village.web.routes.set(`/${name}`, { body });
    const sha256 = createHash("sha256").update(body).digest("hex");
    return { name, sha256, url: `${village.web.origin}/${name}` };
  });
  return Promise.all(lent);
}

const fixture = (name: string): Promise<string> =>
  readFile(join(import.meta.dirname, `../../fixtures/services/${name}.xml`), "utf8");
/** What was asked of the repository besides what its refs are. */
const fetches = () =>
  village.git.seen.filter(({ url }) => url.endsWith("git-upload-pack") && !url.includes("?")).length;

test("a commit is asked for once, and the second tarball is the same", async () => {
  const service = await fixture("obs-scm-release");
  const first = await village.run(service);
  const asked = fetches();
  village.git.seen.length = 0;
  const second = await village.run(service, {}, { known: await lend(first) });
  expect(await second.read("hello-1.2.3.tar.xz")).toEqual(await first.read("hello-1.2.3.tar.xz"));
  expect(asked).toBeGreaterThan(1);
  expect(fetches()).toBe(1);
  expect(second.kept).toEqual(first.kept);
});

test("what is lent may be anything: upstream is asked where it is not the commit", async () => {
  const service = await fixture("obs-scm-release");
  const first = await village.run(service);
  const spoilt = await lend(first, (body) => Buffer.from(body.toReversed()));
  const second = await village.run(service, {}, { known: spoilt });
  expect(await second.read("hello-1.2.3.tar.xz")).toEqual(await first.read("hello-1.2.3.tar.xz"));
  expect(fetches()).toBeGreaterThan(1);
});

test("history is fetched on top of what is lent", async () => {
  const first = await village.run(await fixture("obs-scm-time-version"));
  const service = await fixture("obs-scm-default-branch");
  const second = await village.run(service, {}, { known: await lend(first) });
  expect(second.made).toEqual(["hello-1.2.3+git1.tar.xz", "hello.obsinfo"]);
});

test("submodules are lent like what they are in", async () => {
  const service = await fixture("obs-scm-submodules");
  const first = await village.run(service);
  expect(first.kept).toHaveLength(2);
  const second = await village.run(service, {}, { known: await lend(first) });
  expect(await second.read("hello-1.tar.xz")).toEqual(await first.read("hello-1.tar.xz"));
});

test("a file is asked for once where its digest is told, and always where it is not", async () => {
  const tgz = await tarball();
  village.web.routes.set("/hello-1.0.tar.gz", { body: tgz });
  const service = (await fixture("download-url")).replace("SHA256", digest("sha256", tgz));
  const first = await village.run(service);
  const known = await lend(first);
  await village.run(service, {}, { known });
  expect(village.web.hits.filter((path) => path === "/hello-1.0.tar.gz")).toHaveLength(1);
  const untold = await fixture("localonly-formatter");
  expect((await village.run(untold, {}, { known })).kept).toEqual([]);
  expect(village.web.hits.filter((path) => path === "/hello-1.0.tar.gz")).toHaveLength(2);
});

test("what is gone from where it was lent is fetched again, and that is said", async () => {
  const service = await fixture("obs-scm-release");
  const known = (await lend(await village.run(service))).map((one) => ({
    ...one,
    url: `${village.web.origin}/gone`,
  }));
  const { made, lines } = await village.run(service, {}, { known });
  expect(made).toContain("hello-1.2.3.tar.xz");
  expect(lines.some((line) => line.includes("what is left of it cannot be had: HTTP 404"))).toBe(true);
});
