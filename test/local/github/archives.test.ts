import { writeFile } from "node:fs/promises";
import { createHash } from "node:crypto";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { endWithoutViolations, here, stage, type Stage } from "./world.ts";

let world: Stage;

beforeAll(async () => {
  world = await stage();
  const person = world.as(world.maintainer.token);
  const { data } = await person.rest.git.getRef({ ...here, ref: "heads/main" });
  await person.rest.git.createRef({ ...here, ref: "refs/tags/v1.0", sha: data.object.sha });
  await world.admin.createRepository({
    owner: "maintainer",
    name: "hidden",
    private: true,
    files: { a: "b" },
  });
});
afterAll(() => endWithoutViolations(world));

const download = (path: string, headers = {}) => fetch(`${world.gitHub.url}/maintainer/${path}`, { headers });

const listed = async (path: string): Promise<string[]> => {
  const file = join(world.dir, "archive.tar.gz");
  await writeFile(file, Buffer.from(await (await download(path)).arrayBuffer()));
  return execFileSync("tar", ["-tzf", file]).toString().trim().split("\n");
};

test.each(["refs/tags/v1.0", "v1.0", "v1.0/packages-1.0"])(
  "archive/%s.tar.gz holds packages-1.0/",
  async (ref) => {
    const names = await listed(`packages/archive/${ref}.tar.gz`);
    expect(names).toContain("packages-1.0/hello/hello.spec");
    expect(names.every((name) => name.startsWith("packages-1.0/"))).toBe(true);
  },
);

test("a branch's archive is named after the branch", async () => {
  expect(await listed("packages/archive/refs/heads/main.tar.gz")).toContain("packages-main/README.md");
});

test("the same archive has the same bytes every time", async () => {
  const digest = async () => {
    const bytes = await (await download("packages/archive/v1.0.tar.gz")).arrayBuffer();
    return createHash("sha256").update(Buffer.from(bytes)).digest("hex");
  };
  expect(await digest()).toBe(await digest());
});

test("a ref that is not there and a repository that is hidden are both 404", async () => {
  expect((await download("packages/archive/v9.tar.gz")).status).toBe(404);
  expect((await download("hidden/archive/main.tar.gz")).status).toBe(404);
  const authorization = `token ${world.maintainer.token}`;
  expect((await download("hidden/archive/main.tar.gz", { authorization })).status).toBe(200);
});
