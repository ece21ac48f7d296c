import { describe, expect, test } from "vitest";
import { dispatchStage } from "../../../src/flow/dispatch/dispatch-stage.ts";
import { waitingKey } from "../../../src/pipelines/order/waiting.ts";
import { ARM, AT, opened, PULL, PUSH, repo, SHA, SOURCE, sourced, type World, world, X86 } from "../world.ts";

const POOL = "source-untrusted";
const BUILDS = "build-untrusted-x86_64";
const marker = waitingKey(POOL, PULL);
const told = (town: World, key: string) => new TextDecoder().decode(town.ports.blobs.all.get(key));

/** Several pull requests, all waiting for the same pool. */
async function crowd(numbers: readonly number[]): Promise<World> {
  const town = world();
  for (const number of numbers) {
    town.github.pulls.set(number, town.github.pullOf({ number, sha: String(number).repeat(40) }));
    await town.decide({ kind: "pull-changed", repo, number });
  }
  return town;
}

async function pushed(): Promise<World> {
  const town = world();
  town.github.branches.set("main", { sha: SHA, isProtected: true });
  await town.decide({ kind: "branch-pushed", repo, branch: "main" });
  return town;
}

describe("a wake-up", () => {
  test("starts what waits, with a manifest that is lent", async () => {
    const town = await opened();
    await town.dispatch(POOL);
    expect(await town.stage(PULL, SOURCE)).toMatchObject({ state: "running", build: `${POOL}:1` });
    const [order] = town.builder.orders;
    expect(order).toMatchObject({ pool: POOL, attempt: `${PULL}#${SOURCE}#1`, timeoutMinutes: 30 });
    const manifest = JSON.parse(told(town, order?.manifest.slice("memory:".length) ?? "")) as Record<
      string,
      unknown
    >;
    expect(manifest).toMatchObject({
      v: 1,
      head: SHA,
      base: "b".repeat(40),
      repo: { url: "https://github.com/acme/os.git" },
    });
  });

  test("for which nothing waits starts nothing", async () => {
    const town = await opened();
    await town.dispatch("publish");
    await town.dispatch(POOL);
    await town.dispatch(POOL);
    expect(town.builder.orders).toHaveLength(1);
  });

  test("clears away the marker of a run that waits no more", async () => {
    const town = await opened();
    await town.dispatch(POOL);
    expect(town.ports.blobs.all.has(marker)).toBe(true);
    await town.dispatch(POOL);
    expect(town.ports.blobs.all.has(marker)).toBe(false);
  });

  test("leaves a marker that was written anew while it looked", async () => {
    const town = await opened();
    await town.dispatch(POOL);
    const read = town.ports.runs.read.bind(town.ports.runs);
    town.ports.runs.read = async (key) => {
      const record = await read(key);
      await town.ports.blobs.put(marker, "newer");
      return record;
    };
    await town.dispatch(POOL);
    expect(told(town, marker)).toBe("newer");
  });

  test("of a marker whose run is not there clears it away", async () => {
    const town = world();
    await town.ports.blobs.put(waitingKey(POOL, "1/pull/9/x"), "1");
    await town.dispatch(POOL);
    expect([...town.ports.blobs.all.keys()]).toEqual([`line/${POOL}.json`]);
  });
});

describe("when CodeBuild", () => {
  test.each(["no-slot", "throttled"] as const)(
    "answers %s, the rest waits and the next wake-up starts it",
    async (answer) => {
      const town = await crowd([1, 2, 3]);
      town.builder.orders.length = 0;
      // The first starts, the second is turned away, the third is not tried.
      const { builder } = town;
      let count = 0;
      town.ports.builder = {
        ...town.builder,
        start: async (order) => ((count += 1) === 2 ? { kind: answer } : builder.start(order)),
      };
      await town.dispatch(POOL);
      expect(count).toBe(2);
      expect(town.builder.orders).toHaveLength(1);
      await town.dispatch(POOL);
      expect(new Set(town.builder.orders.map(({ attempt }) => attempt)).size).toBe(3);
      expect(town.builder.orders).toHaveLength(3);
    },
  );

  test("starts a build and the answer is lost, the build is found and none is started again", async () => {
    const town = await opened();
    town.builder.answers.push("lost");
    await expect(town.dispatch(POOL)).rejects.toThrow("the answer was lost");
    expect(await town.stage(PULL, SOURCE)).toMatchObject({ state: "starting" });
    await town.dispatch(POOL);
    expect(await town.stage(PULL, SOURCE)).toMatchObject({ state: "running", build: `${POOL}:1` });
    expect(town.builder.orders).toHaveLength(1);
  });

  test("is asked for the first time, nothing is looked for; after a doubt it is looked for first", async () => {
    const town = await opened();
    town.builder.answers.push("no-slot");
    await town.dispatch(POOL);
    await town.dispatch(POOL);
    const attempt = `${PULL}#${SOURCE}#1`;
    expect(town.builder.calls).toEqual([`start ${attempt}`, `find ${attempt}`, `start ${attempt}`]);
  });
});

test("a stage that cannot be started does not hold back the others of its pool", async () => {
  const town = await crowd([1, 2, 3]);
  town.builder.answers.push("lost");
  await town.dispatch(POOL);
  expect(town.builder.orders).toHaveLength(3);
  await town.dispatch(POOL);
  expect(town.builder.orders).toHaveLength(3);
});

test("what was cancelled while the pool was being looked at is not started", async () => {
  const town = await opened();
  const put = town.ports.blobs.put.bind(town.ports.blobs);
  town.ports.blobs.put = async (key, body) => {
    await put(key, body);
    if (key.startsWith("manifests/"))
      await town.move(PULL, { kind: "cancelled", at: AT, because: "no more" });
  };
  await town.dispatch(POOL);
  expect(town.builder.orders).toEqual([]);
});

test("a stop message stops the build", async () => {
  const town = await opened();
  await town.stop("b:9");
  expect(town.builder.stopped).toEqual(["b:9"]);
});

describe("a build", () => {
  test("is told its bundle by the digest in the record, and gets the target's root", async () => {
    const town = await sourced(await opened(), PULL);
    await town.dispatch(BUILDS);
    const order = town.builder.orders.at(-1);
    expect(order).toMatchObject({ pool: BUILDS, image: "debian", timeoutMinutes: 240 });
    const lines = told(town, order?.manifest.slice("memory:".length) ?? "").split("\n");
    expect(lines).toEqual(
      expect.arrayContaining([
        `bundle memory:results/${PULL}/${SOURCE}/1/bundle.tar`,
        `sha256 ${"1".repeat(64)}`,
        "epoch 1700000000",
      ]),
    );
  });

  test("for which this deployment has no root any more fails and says so", async () => {
    const town = await sourced(await opened(), PULL);
    const ports = town.ports as { deployment: typeof town.ports.deployment };
    ports.deployment = { ...ports.deployment, targets: {} };
    await town.dispatch(BUILDS);
    expect(await town.stage(PULL, X86)).toMatchObject({
      state: "failed",
      because: "This deployment no longer builds debian-12 on x86_64.",
    });
  });
});

describe("publishing", () => {
  const passed = { kind: "passed", attempt: 1, at: AT, prefix: "p/" } as const;
  const rpm = { name: "greet.rpm", size: 1, sha256: "1".repeat(64) };

  test("is told the packages of what is required, and a backfill for which nothing came late passes", async () => {
    const town = await sourced(await pushed(), PUSH);
    await town.move(PUSH, { ...passed, stage: X86, files: [rpm] });
    await town.dispatch("publish");
    const order = town.builder.orders.at(-1);
    const manifest = JSON.parse(told(town, order?.manifest.slice("memory:".length) ?? "")) as Record<
      string,
      unknown
    >;
    expect(manifest).toMatchObject({
      channel: "devel",
      mirror: { bucket: "mirror", prefix: "acme/os/devel", url: "https://mirror.example/acme/os/devel" },
      targets: [{ target: "debian-12", packages: [{ ...rpm, url: "memory:p/greet.rpm" }] }],
    });
    await town.move(
      PUSH,
      { ...passed, stage: "publish/devel", files: [] },
      { kind: "ended", as: "failed", because: "no", stage: ARM, attempt: 1, at: AT },
    );
    await town.dispatch("publish");
    expect(await town.stage(PUSH, "backfill/devel")).toMatchObject({ state: "passed", files: [] });
    expect(town.builder.orders.filter(({ pool }) => pool === "publish")).toHaveLength(1);
  });

  test("is refused with a key whose last day is over, and says who must act", async () => {
    const town = await sourced(await pushed(), PUSH);
    await town.move(PUSH, { ...passed, stage: X86, files: [rpm] });
    const key = { ...town.ports.deployment.key, expires: AT.slice(0, "2026-01-01".length), owner: "Maria" };
    const ports = { ...town.ports, deployment: { ...town.ports.deployment, key } };
    await dispatchStage({ ...ports, clock: () => "2030-01-01T00:00:00.000Z" })({ v: 1, pool: "publish" });
    const { state, because } = await town.stage(PUSH, "publish/devel");
    expect(state).toBe("failed");
    expect(because).toContain(`expired with ${key.expires}`);
    expect(because).toContain("Maria must give it a later day or a next key");
    expect(town.builder.orders.some(({ pool }) => pool === "publish")).toBe(false);
  });

  test("waits while what is required has not passed", async () => {
    const town = await sourced(await pushed(), PUSH);
    await town.move(PUSH, { kind: "ended", as: "failed", because: "no", stage: X86, attempt: 1, at: AT });
    await town.dispatch("publish");
    expect(await town.stage(PUSH, "publish/devel")).toMatchObject({ state: "skipped" });
    expect(town.builder.orders.some(({ pool }) => pool === "publish")).toBe(false);
  });
});

test("a private repository's sources are fetched with a token, a public one's without", async () => {
  for (const isPrivate of [true, false]) {
    const town = world();
    town.github.pulls.set(7, town.github.pullOf({}));
    await town.decide({ kind: "pull-changed", repo: { ...repo, private: isPrivate }, number: 7 });
    await town.dispatch(POOL);
    const manifest = told(town, town.builder.orders[0]?.manifest.slice("memory:".length) ?? "");
    expect(manifest.includes("ghs_token")).toBe(isPrivate);
  }
});
