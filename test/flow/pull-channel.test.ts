import { describe, expect, test } from "vitest";
import { summaryCheck } from "../../src/bot/check/check.ts";
import { built, channelWorld, type ChannelWorld, POOL, published, SHOWN, told } from "./channel-world.ts";
import { ARM, NEXT, PULL, repo, SHA, X86 } from "./world.ts";

const changed = { kind: "pull-changed", repo, number: 7 } as const;
const AGAIN = `1/pull/7/${NEXT}`;

async function proposed(head: string = SHA, town: ChannelWorld = channelWorld()): Promise<ChannelWorld> {
  town.github.pulls.set(7, town.github.pullOf({ sha: head }));
  await town.decide(changed);
  return town;
}

describe("what a pull request built", () => {
  test("is published to its own channel, in a pool of its own, to be signed by its own key", async () => {
    const town = await proposed();
    await built(town, PULL);
    await town.dispatch(POOL);
    expect(told(town)).toMatchObject({
      key: { id: "pull-key", email: "p@example.org" },
      channel: "pr/7",
      mirror: { prefix: "acme/os/pr/7" },
      targets: [{ target: "debian-12", packages: [{ arch: "x86_64" }, { arch: "aarch64" }] }],
    });
    expect(town.builder.orders.map(({ pool }) => pool)).not.toContain("publish");
  });

  test("is published when all builds are over and one of them passed", async () => {
    const town = await proposed();
    await built(town, PULL, [ARM]);
    expect(await town.stage(PULL, SHOWN)).toMatchObject({ state: "ready" });
    await town.dispatch(POOL);
    expect(told(town).targets).toMatchObject([{ packages: [{ arch: "aarch64" }] }]);
  });

  test("is nothing where nothing passed, and then nothing is published", async () => {
    const town = await proposed();
    await built(town, PULL, []);
    await town.dispatch(POOL);
    expect(await town.stage(PULL, SHOWN)).toMatchObject({ state: "skipped" });
    expect(await town.channel()).toBeUndefined();
  });

  test("is published again when a build passes that was tried again", async () => {
    const town = await proposed();
    await built(town, PULL, [X86]);
    await published(town, PULL, ["greet-1.x86_64"]);
    await town.move(PULL, { kind: "retried", at: town.ports.clock(), stage: ARM, attempt: 1 });
    await built(town, PULL, [ARM]);
    expect(await town.stage(PULL, SHOWN)).toMatchObject({ state: "ready", attempt: 2 });
    await town.dispatch(POOL);
    expect(told(town).targets).toMatchObject([{ packages: [{ arch: "x86_64" }, { arch: "aarch64" }] }]);
  });

  test("takes the place of what the commits before it built", async () => {
    const town = await proposed();
    await built(town, PULL);
    await published(town, PULL, ["greet-1.x86_64", "greet-devel-1.x86_64"]);
    await proposed(NEXT, town);
    await built(town, AGAIN);
    await town.dispatch(POOL);
    expect(told(town).targets).toMatchObject([{ withdraw: ["greet-1.x86_64", "greet-devel-1.x86_64"] }]);
    expect(await town.channel()).toMatchObject({ runs: [PULL, AGAIN], places: ["acme/os/pr/7"] });
  });

  test("takes the place of it also where the commit in between was stopped while it was published", async () => {
    const town = await proposed();
    await built(town, PULL);
    await published(town, PULL, ["greet-1.x86_64"]);
    await proposed(NEXT, town);
    await built(town, AGAIN);
    await town.dispatch(POOL);
    const third = "d".repeat(40);
    await proposed(third, town);
    await built(town, `1/pull/7/${third}`);
    await town.dispatch(POOL);
    expect(told(town).targets).toMatchObject([{ withdraw: ["greet-1.x86_64"] }]);
  });

  test("that a force push brings back is published once more", async () => {
    const town = await proposed();
    await built(town, PULL);
    await published(town, PULL, ["greet-1.x86_64"]);
    await proposed(NEXT, town);
    await built(town, AGAIN);
    await published(town, AGAIN, ["greet-2.x86_64"]);
    await proposed(SHA, town);
    expect(await town.stage(PULL, SHOWN)).toMatchObject({ state: "ready", attempt: 2 });
    await town.dispatch(POOL);
    expect(told(town).targets).toMatchObject([{ withdraw: ["greet-2.x86_64"] }]);
  });

  test("and cannot be published does not turn the check red that speaks for all", async () => {
    const town = await proposed();
    await built(town, PULL);
    await town.dispatch(POOL);
    const at = town.ports.clock();
    await town.move(PULL, { kind: "ended", as: "failed", because: "no", stage: SHOWN, attempt: 1, at });
    expect(await town.stage(PULL, SHOWN)).toMatchObject({ state: "failed" });
    expect(summaryCheck(await town.run(PULL))).toMatchObject({ conclusion: "success" });
    await town.report(PULL);
    const shown = town.github.checks.find(({ check }) => check.externalId.endsWith(SHOWN));
    expect(shown?.check.conclusion).toBe("failure");
  });

  test("stays unpublished where the deployment has given up the key since", async () => {
    const town = await proposed();
    await built(town, PULL);
    const { pullKey: _gone, ...rest } = town.ports.deployment;
    (town.ports as { deployment: unknown }).deployment = rest;
    await town.dispatch(POOL);
    expect(await town.stage(PULL, SHOWN)).toMatchObject({
      state: "failed",
      because: "This deployment no longer publishes pull requests.",
    });
  });
});

describe("a channel", () => {
  const stagesWith = async ({ config = "", isPrivate = false }) => {
    const town = channelWorld();
    town.github.pulls.set(7, town.github.pullOf({}));
    if (config !== "") town.github.files.set(".millwright.yml", config);
    await town.decide({ ...changed, repo: { ...repo, private: isPrivate } });
    return (await town.run(PULL)).stages.filter(({ kind }) => kind === "publish").length;
  };

  test.each([
    ["is there of a public repository", {}, 1],
    ["is not there of a public repository that wants none", { config: "pulls: { publish: false }\n" }, 0],
    ["is not there of a private repository", { isPrivate: true }, 0],
    [
      "is there of a private repository that wants it",
      { config: "pulls: { publish: true }\n", isPrivate: true },
      1,
    ],
  ] as const)("%s", async (_, of, count) => {
    expect(await stagesWith(of)).toBe(count);
  });

  test("is not taken up while it is being removed; the pool is asked again later", async () => {
    const town = await proposed();
    await built(town, PULL);
    await published(town, PULL, ["greet-1.x86_64"]);
    await proposed(NEXT, town);
    await built(town, AGAIN);
    const record = await town.ports.channels.read("channels/1/pr/7");
    await town.ports.channels.replace("channels/1/pr/7", { ...record!.value, going: true }, record!.version);
    await expect(town.dispatch(POOL)).rejects.toThrow("pr/7 is being removed");
    expect(await town.stage(AGAIN, SHOWN)).toMatchObject({ state: "ready" });
    await town.ports.blobs.remove("channels/1/pr/7");
    await town.dispatch(POOL);
    expect(await town.stage(AGAIN, SHOWN)).toMatchObject({ state: "running" });
  });
});
