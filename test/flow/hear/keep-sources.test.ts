import { expect, test } from "vitest";
import { fetchedName } from "../../../src/pipelines/service/known-sources.ts";
import { opened, PULL, PUSH, repo, SHA, SOURCE, type World } from "../world.ts";

const FETCHED = fetchedName("1".repeat(64));
const SECOND = fetchedName("2".repeat(64));

/** The source stage passes and leaves these files; what its manifest lent it. */
async function passes(town: World, id: string, left: readonly string[]): Promise<unknown> {
  const { pool } = await town.stage(id, SOURCE);
  await town.dispatch(pool);
  const build = (await town.stage(id, SOURCE)).build ?? "";
  const usual = { "bundle.tar": "x", "recipe.spec": "Name: greet\n", "facts.json": "{}" };
  await town.leave(id, SOURCE, { ...usual, ...Object.fromEntries(left.map((name) => [name, name])) });
  town.builder.end(build, "SUCCEEDED");
  await town.track(build);
  const address =
    town.builder.orders.find(({ attempt }) => attempt.startsWith(`${id}#${SOURCE}`))?.manifest ?? "";
  const text = new TextDecoder().decode(town.ports.blobs.all.get(address.slice("memory:".length)));
  return (JSON.parse(text) as { known?: unknown }).known;
}

test("what a recipe's source stage left is lent to the next one, of a branch too", async () => {
  const town = await opened();
  expect(await passes(town, PULL, [FETCHED])).toBeUndefined();
  town.github.branches.set("main", { sha: SHA, isProtected: true });
  await town.decide({ kind: "branch-pushed", repo, branch: "main" });
  expect(await passes(town, PUSH, [SECOND])).toEqual([
    {
      name: FETCHED,
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      url: `memory:results/${PULL}/${SOURCE}/1/${FETCHED}`,
    },
  ]);
});

test("the last stage that left anything is the one that counts", async () => {
  const town = await opened();
  await passes(town, PULL, [FETCHED]);
  const [[key = "", body = ""] = []] = town.ports.built.all;
  expect(key).toBe("built/sources/1/greet.spec");
  expect(JSON.parse(body)).toMatchObject({ from: `${PULL}#${SOURCE}#1`, files: [{ name: FETCHED }] });
  town.github.branches.set("main", { sha: SHA, isProtected: true });
  await town.decide({ kind: "branch-pushed", repo, branch: "main" });
  await passes(town, PUSH, []);
  expect(town.ports.built.all.get(key)).toBe(body);
});
