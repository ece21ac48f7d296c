import { describe, expect, test } from "vitest";
import { decideEvent } from "../../../src/flow/decide/event.ts";
import { tendRebuilds } from "../../../src/flow/tend/rebuilds.ts";
import { builds, type Content, libraryTown, pushed, settles } from "../library-world.ts";
import { SHA, type World } from "../world.ts";

const NEXT = "c".repeat(40);
const LAST = "d".repeat(40);

const rules = (rebuild: string): string =>
  `targets: { debian-12: [x86_64] }\nchannels: { devel: { branch: main, rebuild: ${rebuild} } }\n`;

/** The library's sources and its output are others. */
const CHANGED: Content = { sources: { libgreet: "2" }, outputs: { libgreet: "2" } };

/** A repository that was published once, and then its library was changed. */
async function changed(rebuild: string, content: Content = CHANGED): Promise<World> {
  const town = libraryTown(rules(rebuild));
  await pushed(town, SHA);
  await settles(town);
  await pushed(town, NEXT, content);
  return town;
}

const jobsOf = async (town: World, ids: readonly string[]) =>
  Promise.all(ids.map(async (id) => (await town.run(id)).jobs.map(({ recipe }) => recipe.name)));

describe("after a push was published", () => {
  test("what needs a library that became another is built again, and it ends where the same comes out", async () => {
    const town = await changed("transitive");
    const steps = await settles(town, CHANGED);
    expect(steps).toEqual([`1/rebuild/main/${NEXT}/1`]);
    expect(await jobsOf(town, steps)).toEqual([["greet"]]);
    expect(await town.run(steps[0] ?? "")).toMatchObject({
      zone: "trusted",
      channel: "devel",
      leave: { rule: "rebuild" },
      jobs: [{ again: { after: { "libgreet.spec": 1 } } }],
    });
  });

  test("what comes out as another is followed, in dependency order", async () => {
    const town = await changed("transitive");
    const both = { ...CHANGED, outputs: { libgreet: "2", greet: "2" } };
    expect(await jobsOf(town, await settles(town, both))).toEqual([["greet"], ["hello"]]);
  });

  test("only what needs it directly is built again where the rules say so", async () => {
    const town = await changed("direct");
    const both = { ...CHANGED, outputs: { libgreet: "2", greet: "2" } };
    expect(await jobsOf(town, await settles(town, both))).toEqual([["greet"]]);
  });

  test("nothing is built again where nothing became another, or where nobody asks for it", async () => {
    expect(await settles(await changed("transitive", { sources: { libgreet: "2" } }))).toEqual([]);
    expect(await settles(await changed("none"))).toEqual([]);
    expect(await settles(libraryTown())).toEqual([]);
  });

  test("its release is greater than what was published, and smaller than the next push's", async () => {
    const town = await changed("transitive");
    await settles(town, CHANGED);
    const orders = town.builder.orders.filter(({ attempt }) => attempt.includes("#build/greet/"));
    const suffixes = orders.map(({ manifest }) => {
      const text = new TextDecoder().decode(town.ports.blobs.all.get(manifest.slice("memory:".length)));
      return text.split("\n").find((line) => line.startsWith("suffix ")) ?? "";
    });
    // The first push built it; the second took that.
    expect(suffixes).toHaveLength(2);
    const { at } = await town.run(`1/push/main/${NEXT}`);
    const time = at.replaceAll(/\D/g, "").slice(0, 14);
    expect(suffixes[1]).toBe(`suffix .${time}.main.g${NEXT.slice(0, 7)}.r1`);
  });

  test("the next push takes what was built again, and builds nothing of it a third time", async () => {
    const town = await changed("transitive");
    await settles(town, CHANGED);
    const before = town.builder.orders.length;
    await pushed(town, LAST, { ...CHANGED, sources: { ...CHANGED.sources, other: "2" } });
    expect((await town.stage(`1/push/main/${LAST}`, "build/greet/debian-12/x86_64")).facts).toMatchObject({
      "taken from": `1/rebuild/main/${NEXT}/1#build/greet/debian-12/x86_64#1`,
    });
    expect(
      town.builder.orders.slice(before).filter(({ attempt }) => attempt.includes("#build/greet/")),
    ).toEqual([]);
    expect(await settles(town, CHANGED)).toEqual([]);
  });
});

describe("whatever goes wrong", () => {
  test("news of one end that come many times ask once", async () => {
    const town = await changed("transitive");
    const build = (await town.stage(`1/push/main/${NEXT}`, "publish/devel")).build ?? "";
    for (const _ of [1, 2, 3]) await town.track(build);
    expect(town.ports.events.sent).toHaveLength(1);
  });

  test("the same question twice starts nothing twice", async () => {
    const town = await changed("transitive");
    const [question] = town.ports.events.sent;
    if (!question) throw new Error("nothing was asked");
    await Promise.all([decideEvent(town.ports)(question), decideEvent(town.ports)(question)]);
    await decideEvent(town.ports)(question);
    expect([...town.ports.runs.all.keys()].filter((key) => key.includes("/rebuild/"))).toHaveLength(1);
    expect(await settles(town, CHANGED)).toEqual([]);
  });

  test("who dies between the run and its chain goes on when asked again", async () => {
    const town = await changed("transitive");
    const [question] = town.ports.events.sent;
    if (!question) throw new Error("nothing was asked");
    const plain = { ...town.ports.chains };
    town.ports.chains.create = () => Promise.reject(new Error("S3 is away"));
    await expect(decideEvent(town.ports)(question)).rejects.toThrow("S3 is away");
    town.ports.chains.create = (key, value) => plain.create(key, value);
    await settles(town, CHANGED);
    expect([...town.ports.runs.all.keys()].filter((key) => key.includes("/rebuild/"))).toHaveLength(1);
    expect((await town.run(`1/rebuild/main/${NEXT}/1`)).stages.every(({ state }) => state === "passed")).toBe(
      true,
    );
  });

  test("a question that was lost is asked once more by the calendar", async () => {
    const town = await changed("transitive");
    const both = { ...CHANGED, outputs: { libgreet: "2", greet: "2" } };
    const [question] = town.ports.events.sent.splice(0);
    if (!question) throw new Error("nothing was asked");
    await decideEvent(town.ports)(question);
    await builds(town, `1/rebuild/main/${NEXT}/1`, both);
    town.ports.events.sent.splice(0);
    await tendRebuilds({ ...town.ports, mirror: town.ports.blobs });
    expect(await jobsOf(town, await settles(town, both))).toEqual([["hello"]]);
  });

  test("what fails is not tried again by itself, and holds back nothing else", async () => {
    const town = await changed("transitive");
    const [first = ""] = await settles(town, { ...CHANGED, failing: ["greet"] });
    expect((await town.stage(first, "build/greet/debian-12/x86_64")).state).toBe("failed");
    await tendRebuilds({ ...town.ports, mirror: town.ports.blobs });
    expect(await settles(town, CHANGED)).toEqual([]);
    await pushed(town, LAST, { ...CHANGED, sources: { ...CHANGED.sources, other: "2" } });
    expect(await settles(town, CHANGED)).toEqual([]);
  });

  test("a branch that is not protected any more has nothing built again", async () => {
    const town = await changed("transitive");
    town.github.branches.set("main", { sha: NEXT, isProtected: false });
    expect(await settles(town, CHANGED)).toEqual([]);
  });

  test("what became another before anybody asked for rebuilds is left as it is", async () => {
    const town = await changed("none");
    await settles(town, CHANGED);
    town.github.files.set(".millwright.yml", rules("transitive"));
    await pushed(town, LAST, {
      ...CHANGED,
      sources: { libgreet: "2", other: "2" },
      outputs: { libgreet: "2", other: "2" },
    });
    expect(await settles(town, CHANGED)).toEqual([]);
  });
});
