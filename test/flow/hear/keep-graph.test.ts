import { describe, expect, test } from "vitest";
import type { Graph } from "../../../src/pipelines/graph/record.ts";
import { builds, libraryTown, pushed } from "../library-world.ts";
import { repo, SHA, type World } from "../world.ts";

const NEXT = "c".repeat(40);
const decoder = new TextDecoder();

/** Recipe -> what is known of it, in all parts of all graphs. */
const known = (town: World) =>
  Object.assign(
    {},
    ...[...town.ports.blobs.all]
      .filter(([key]) => key.startsWith("graphs/"))
      .map(([, body]) => (JSON.parse(decoder.decode(body)) as Graph).recipes),
  ) as Graph["recipes"];

const wholly = (town: World) =>
  [...town.ports.blobs.all]
    .filter(([key]) => key.startsWith("graphs/"))
    .map(([key, body]) => `${key} ${decoder.decode(body)}`)
    .toSorted();

describe("the graph", () => {
  test("keeps what the packages of a branch provide and require, once they are published", async () => {
    const town = libraryTown();
    await pushed(town, SHA);
    expect(Object.keys(known(town)).toSorted()).toEqual([
      "greet.spec",
      "hello.spec",
      "libgreet.spec",
      "other.spec",
    ]);
    expect(known(town)["greet.spec"]).toMatchObject({
      kind: "rpm",
      name: "greet",
      from: `1/push/main/${SHA}#build/greet/debian-12/x86_64#1`,
      provides: ["/usr/bin/greet", "greet"],
      requires: ["libgreet"],
      builds: ["gcc"],
    });
  });

  test("knows nothing of what did not come to its channel", async () => {
    const town = libraryTown();
    await pushed(town, SHA, { failing: ["other"] });
    expect(known(town)).toEqual({});
  });

  test("is the same when the news come twice, and reads no list again that it knows", async () => {
    const town = libraryTown();
    const id = await pushed(town, SHA);
    const before = wholly(town);
    await town.track((await town.stage(id, "publish/devel")).build ?? "");
    expect(wholly(town)).toEqual(before);
    const read: string[] = [];
    const plain = { ...town.ports.blobs };
    town.ports.blobs.get = async (key) => {
      read.push(key);
      return plain.get(key);
    };
    await pushed(town, NEXT, { outputs: { libgreet: "2" }, sources: { libgreet: "changed" } });
    expect(read.filter((key) => key.endsWith("contents.tsv"))).toHaveLength(1);
    expect(known(town)["libgreet.spec"]?.from).toContain(NEXT);
    expect(known(town)["greet.spec"]?.from).toContain(SHA);
  });

  test("forgets a recipe that went away", async () => {
    const town = libraryTown();
    await pushed(town, SHA);
    town.github.state.paths = ["libgreet.spec", "greet.spec", "hello.spec"];
    await pushed(town, NEXT);
    expect(Object.keys(known(town)).toSorted()).toEqual(["greet.spec", "hello.spec", "libgreet.spec"]);
  });

  test("keeps both where two builds are published at once", async () => {
    const town = libraryTown();
    const raced = { ...town.ports.graphs };
    let turns = 0;
    // Whoever writes first finds that somebody was faster.
    town.ports.graphs.create = async (key, value) => {
      turns += 1;
      if (turns === 1) await raced.create(key, { ...value, recipes: {} });
      return raced.create(key, value);
    };
    await pushed(town, SHA);
    expect(Object.keys(known(town))).toHaveLength(4);
  });

  test("heals where the door died after the run was written", async () => {
    const town = libraryTown();
    const plain = { ...town.ports.graphs };
    town.ports.graphs.read = () => Promise.reject(new Error("S3 is away"));
    const id = `1/push/main/${SHA}`;
    await expect(pushed(town, SHA)).rejects.toThrow("S3 is away");
    expect((await town.stage(id, "publish/devel")).state).toBe("passed");
    town.ports.graphs.read = (key) => plain.read(key);
    await town.track((await town.stage(id, "publish/devel")).build ?? "");
    expect(Object.keys(known(town))).toHaveLength(4);
    await builds(town, id);
  });
});

/** What a pull request that changes `libgreet` is told of, after all was published. */
async function told(prepare: (town: World) => Promise<void> = async () => {}): Promise<string> {
  const town = libraryTown();
  await pushed(town, SHA);
  await prepare(town);
  town.github.state.changed = ["libgreet.spec"];
  town.github.pulls.set(7, town.github.pullOf({ number: 7, sha: NEXT }));
  await town.decide({ kind: "pull-changed", repo, number: 7 });
  await town.report(`1/pull/7/${NEXT}`);
  const summary =
    town.github.checks.findLast(({ check }) => check.name === "millwright")?.check.summary ?? "";
  return summary.split("\n\n").slice(2, 4).join("\n");
}

/** Another repository whose package needs `libgreet`. */
const beside =
  (id: number, isPrivate = false) =>
  async (town: World) => {
    const key = `graphs/debian-12/x86_64/${id}/devel/00.json`;
    const theirs = Object.values(known(town)).find(({ name }) => name === "greet");
    const graph: Graph = {
      v: 1,
      repo: { id, node: "R_9", owner: "acme", name: "desktop", installation: 2, private: isPrivate },
      channel: "devel",
      recipes: theirs ? { "panel.spec": { ...theirs, name: "panel", provides: ["panel"] } } : {},
    };
    await town.ports.blobs.put(key, JSON.stringify(graph));
  };

const OWN = [
  "What depends on this, by what was published last:",
  "- 1 recipe needs it directly: `greet`",
  "- 1 recipe behind that: `hello`",
].join("\n");

describe("a pull request", () => {
  test("is told which recipes need what it changes", async () => {
    expect(await told()).toBe(OWN);
  });

  test("is told of those of other repositories, as far as everybody may see them", async () => {
    expect(await told(beside(9))).toContain("2 recipes need it directly: `greet`, `panel` of `acme/desktop`");
  });

  test("is not told of private ones, nor of those that have become so or are gone", async () => {
    expect(await told(beside(9, true))).toBe(OWN);
    expect(
      await told(async (town) => {
        await beside(9)(town);
        town.github.state.hidden.add(9);
      }),
    ).toBe(OWN);
    expect(
      await told(async (town) => {
        await beside(9)(town);
        town.github.state.strangers.add(9);
      }),
    ).toBe(OWN);
  });

  test("is not told of recipes that it has no more", async () => {
    expect(
      await told(async (town) => {
        town.github.state.paths = ["libgreet.spec", "greet.spec", "other.spec"];
      }),
    ).not.toContain("hello");
  });
});
