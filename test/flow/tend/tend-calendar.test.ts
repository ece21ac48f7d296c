import { describe, expect, test } from "vitest";
import {
  built,
  channelWorld,
  type ChannelWorld,
  OBJECTS,
  POOL,
  published,
  SHOWN,
  told,
} from "../channel-world.ts";
import { PULL, repo } from "../world.ts";
import { goneKey } from "../../../src/pipelines/pull-channel.ts";
import { runKey } from "../../../src/pipelines/run.ts";

const changed = { kind: "pull-changed", repo, number: 7 } as const;
const closed = { kind: "pull-closed", repo, number: 7 } as const;
const MARKERS = "expiring/";
const LATER = "2027-01-01T00:00:00.000Z";

async function shown(): Promise<ChannelWorld> {
  const town = channelWorld();
  town.github.pulls.set(7, town.github.pullOf({}));
  await town.decide(changed);
  await built(town, PULL);
  await published(town, PULL, ["greet-1.x86_64"]);
  return town;
}

async function turn(town: ChannelWorld, isOpen: boolean): Promise<void> {
  town.github.pulls.set(7, town.github.pullOf({ isOpen }));
  await town.deliver(town.ports.clock(), isOpen ? changed : closed);
}

const left = (town: ChannelWorld): readonly string[] =>
  [...town.mirror.all.keys()].map((key) => key.slice("acme/os/pr/7/".length)).toSorted();
const markers = async (town: ChannelWorld) =>
  (await town.ports.blobs.list(MARKERS)).map(({ key }) => key.slice(MARKERS.length));
const dayOf = async (town: ChannelWorld) => (await town.channel())?.expires ?? "";

describe("the channel of a pull request that was closed", () => {
  test("goes so many days later as the rules say, and not before", async () => {
    const town = await shown();
    town.github.files.set(".millwright.yml", "pulls: { expireDays: 3 }\n");
    await turn(town, false);
    const day = await dayOf(town);
    expect(day.slice(0, 10)).toBe("2026-11-24");
    expect(await markers(town)).toEqual([`${day}/1/7`]);
    await town.calendar(day.slice(0, -1));
    expect(left(town)).toEqual(OBJECTS);
    await town.calendar(day);
    expect(left(town)).toEqual([]);
    expect(await town.channel()).toBeUndefined();
    expect(await markers(town)).toEqual([]);
  });

  test("leaves its numbers: opened again, it gives no address of a snapshot to another content", async () => {
    const town = await shown();
    await turn(town, false);
    await town.calendar(LATER);
    await turn(town, true);
    await town.dispatch(POOL);
    expect(told(town).targets).toMatchObject([{ target: "debian-12", after: 1 }]);
  });

  test("goes from the way in to what is inside", async () => {
    const town = await shown();
    await turn(town, false);
    const gone: string[] = [];
    town.meanwhile.remove = async (key) => void gone.push(key.slice("acme/os/pr/7/".length));
    await town.calendar(LATER);
    const [pool, snapshot] = [gone.indexOf(OBJECTS[2]!), gone.indexOf(OBJECTS[3]!)];
    expect(gone).toHaveLength(OBJECTS.length);
    expect([snapshot, pool]).toEqual([3, 4]);
  });

  test("takes nothing along that is another's", async () => {
    const town = await shown();
    const others = ["acme/os/pr/71/x.repo", "acme/os/devel/x.repo", "acme/os/pr/8/x.repo"];
    for (const key of others) await town.mirror.put(key, "");
    await turn(town, false);
    await town.calendar(LATER);
    expect([...town.mirror.all.keys()]).toEqual(others);
  });

  test("goes wholly, also where its removal was cut off at any place", async () => {
    for (let survives = 0; survives <= OBJECTS.length + 2; survives += 1) {
      const town = await shown();
      for (const number of ["000009", "000012"])
        await town.mirror.put(`acme/os/pr/7/debian-12/snapshots/${number}/snapshot.json`, "");
      await turn(town, false);
      let count = 0;
      town.meanwhile.remove = async () => {
        if ((count += 1) > survives) throw new Error("S3 was away");
      };
      const outcome = await town.calendar(LATER).then(() => "done", String);
      expect(outcome.includes("S3 was away")).toBe(survives < OBJECTS.length + 2);
      town.meanwhile.remove = async () => undefined;
      await town.calendar(LATER);
      expect(left(town)).toEqual([]);
      expect([await town.channel(), await markers(town)]).toEqual([undefined, []]);
      // Which numbers it gave away is kept, however much of it had gone before.
      expect((await town.ports.channels.read(goneKey(1, 7)))?.value.numbers).toEqual({ "debian-12": 12 });
    }
  });

  test("also goes where the rules have a mistake, or its newest commit was never built", async () => {
    const town = await shown();
    town.github.pulls.set(7, town.github.pullOf({ sha: "e".repeat(40), author: { id: 99, login: "x" } }));
    await town.decide(changed);
    town.github.files.set(".millwright.yml", "trust: []\n");
    await turn(town, false);
    expect((await dayOf(town)).slice(0, 10)).toBe("2026-11-28");
  });

  test("has one day to go, however often it is told", async () => {
    const town = await shown();
    await turn(town, false);
    const day = await dayOf(town);
    await turn(town, false);
    expect(await dayOf(town)).toBe(day);
    expect(await markers(town)).toEqual([`${day}/1/7`]);
  });

  test("stays while the pull request is open again, though the day has come", async () => {
    const town = await shown();
    await turn(town, false);
    // Nobody told us.
    town.github.pulls.set(7, town.github.pullOf({}));
    await town.calendar(LATER);
    expect(left(town)).toEqual(OBJECTS);
    expect(await town.channel()).toMatchObject({ runs: [PULL] });
    expect(await dayOf(town)).toBe("");
    expect(await markers(town)).toEqual([]);
  });

  test("counts its days anew when the pull request is closed a second time", async () => {
    const town = await shown();
    await turn(town, false);
    const first = await dayOf(town);
    await turn(town, true);
    expect(await dayOf(town)).toBe("");
    await turn(town, false);
    const second = await dayOf(town);
    expect(second > first).toBe(true);
    await town.calendar(first);
    expect(left(town)).toEqual(OBJECTS);
    expect(await markers(town)).toEqual([`${second}/1/7`]);
  });
});

describe("a pull request that is opened again", () => {
  test("before its channel is gone keeps it as it is", async () => {
    const town = await shown();
    await turn(town, false);
    await turn(town, true);
    expect(await town.stage(PULL, SHOWN)).toMatchObject({ state: "passed", attempt: 1 });
  });

  test("after its channel is gone gets it back, without another build", async () => {
    const town = await shown();
    await turn(town, false);
    await town.calendar(LATER);
    const builds = town.builder.orders.length;
    await turn(town, true);
    expect(await town.stage(PULL, SHOWN)).toMatchObject({ state: "ready", attempt: 2 });
    expect([...town.ports.blobs.all.keys()]).toContain(`open/${PULL}`);
    await published(town, PULL, ["greet-1.x86_64"]);
    expect(town.builder.orders.slice(builds).map(({ pool }) => pool)).toEqual([POOL]);
    expect(left(town)).toEqual(OBJECTS);
    expect(await town.channel()).toMatchObject({ runs: [PULL], places: ["acme/os/pr/7"] });
  });

  test("while its channel goes gets it back when that is over", async () => {
    const town = await shown();
    await turn(town, false);
    let isTurned = false;
    town.meanwhile.remove = async () => {
      if (!isTurned) await turn(town, (isTurned = true));
    };
    await town.calendar(LATER);
    expect([left(town), await town.channel()]).toEqual([[], undefined]);
    await published(town, PULL, ["greet-1.x86_64"]);
    expect(left(town)).toEqual(OBJECTS);
  });
});

describe("what nobody told us", () => {
  const asking = async (town: ChannelWorld) => {
    town.github.state.repositories = [repo];
    town.ports.events.sent.length = 0;
    await town.calendar("2026-11-21T12:00:00.000Z");
    return town.ports.events.sent;
  };

  test("is asked about: a pull request that was closed", async () => {
    const town = await shown();
    expect(await asking(town)).toEqual([]);
    town.github.pulls.set(7, town.github.pullOf({ isOpen: false }));
    expect(await asking(town)).toEqual([{ v: 1, event: changed }]);
    await town.decide(changed);
    expect(await dayOf(town)).not.toBe("");
    expect(await asking(town)).toEqual([]);
  });

  test("is asked about: a pull request that was opened again", async () => {
    const town = await shown();
    await turn(town, false);
    expect(await asking(town)).toEqual([]);
    town.github.pulls.set(7, town.github.pullOf({}));
    expect(await asking(town)).toEqual([{ v: 1, event: changed }]);
  });

  test.each([
    ["passed", [{ v: 1, event: changed }]],
    ["skipped", []],
  ] as const)("whose newest commit's publishing %s, while it shows an older one", async (state, asked) => {
    const town = await shown();
    const id = `1/pull/7/${"f".repeat(40)}`;
    const run = await town.run(PULL);
    const stages = run.stages.map((stage) => (stage.kind === "publish" ? { ...stage, state } : stage));
    await town.ports.runs.create(runKey(id), { ...run, id, stages });
    const was = await town.ports.newest.read("heads/1/pull/7");
    await town.ports.newest.replace(
      "heads/1/pull/7",
      { v: 1, sha: "f".repeat(40), run: id },
      was?.version ?? "",
    );
    expect(await asking(town)).toEqual(asked);
  });

  test("does not hold back what is due, nor does that hold it back", async () => {
    const town = await shown();
    await turn(town, false);
    town.github.broken.add("repositories");
    await expect(town.calendar(LATER)).rejects.toThrow("parts of the calendar failed");
    expect(left(town)).toEqual([]);
  });
});
