import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { secondaryLimit } from "../../../src/local/github/faults.ts";
import { endWithoutViolations, here } from "../../local/github/world.ts";
import { type Facing, facing } from "./world.ts";

const READ = { contents: "read", pull_requests: "read", metadata: "read" };
const TAG = "release/20261121_02";

let world: Facing;
let sha: string;
beforeEach(async () => {
  world = await facing();
  sha = await world.main();
});
afterEach(() => endWithoutViolations(world));

const page = (of: { readonly id?: number; readonly body?: string } = {}) => ({
  tag: TAG,
  sha,
  name: "release 20261121_02",
  body: "What changed",
  ...of,
});
const write = (of: Parameters<typeof page>[0] = {}) => world.github.writeRelease(world.at, page(of));
const read = () => world.github.release(world.at, TAG);

describe("a Release", () => {
  test("that is not there is not found", async () => {
    expect(await read()).toBeUndefined();
  });

  test("is made with its tag at the commit, by the only token that may write contents", async () => {
    await world.commit("main", { "later.txt": "later" });
    const written = await write();
    expect(world.asked()).toEqual([{ contents: "write" }]);
    expect(written).toMatchObject({ kind: "written", url: expect.stringContaining(TAG) as string });
    expect(await world.github.tag(world.at, TAG)).toBe(sha);
    expect(await read()).toMatchObject({ body: "What changed" });
    expect(world.asked()).toEqual([READ, READ]);
  });

  test("is found by its tag and edited in place, with the name that it has", async () => {
    await write();
    const id = (await read())?.id ?? 0;
    expect(await write({ id, body: "What else" })).toMatchObject({ kind: "written" });
    expect(await read()).toMatchObject({ id, body: "What else" });
    const { data } = await world.nobody.rest.repos.listReleases(here);
    expect(data.map(({ name }) => name)).toEqual(["release 20261121_02"]);
  });

  test("that somebody made first is no refusal: the message comes again and finds it", async () => {
    await write();
    await expect(write()).rejects.toThrow("already_exists");
  });

  test.each([
    ["apps/create-installation-access-token", 422, "The permissions requested are not granted"],
    ["repos/create-release", 403, "Resource not accessible by integration"],
  ])("that the app may not write, by %s, is refused in GitHub's words", async (op, status, message) => {
    world.admin.fault({ op, times: 1, status, message });
    const because = expect.stringContaining(message) as string;
    expect(await write()).toEqual({ kind: "refused", because });
  });

  test("waits when GitHub takes no more writes", async () => {
    world.admin.fault(secondaryLimit("repos/create-release", 1, 90));
    expect(await write()).toEqual({ kind: "limited", seconds: 90 });
  });

  test("that GitHub fails to write is tried with the next message", async () => {
    world.admin.fault({ op: "repos/create-release", times: 1, status: 502 });
    await expect(write()).rejects.toThrow("Server Error");
    expect(await write()).toMatchObject({ kind: "written" });
  });
});

test("the default branch is known by its name", async () => {
  expect(await world.github.defaultBranch(world.at)).toBe("main");
  expect(await world.github.defaultBranch({ ...world.at, name: "gone" })).toBeUndefined();
});
