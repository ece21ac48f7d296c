import { describe, expect, test } from "vitest";
import { decideEvent } from "../../../src/flow/decide/event.ts";
import type { Deployment } from "../../../src/pipelines/deployment.ts";
import { AT, NEXT, PULL, repo, SHA, type World, world } from "../world.ts";

const target = (version: string) => ({
  images: { x86_64: `leap:${version}`, aarch64: `leap:${version}` },
  arches: { x86_64: "required" },
  family: "leap",
  version,
});

/** The same town at GitHub, with what its operator declares by now. */
const portsOf = (town: World, ...versions: readonly string[]) => {
  const targets = Object.fromEntries(versions.map((version) => [`leap-${version}`, target(version)]));
  const aliases = { "leap-latest": { newest: "leap" } } as const;
  const deployment = { ...town.ports.deployment, targets, aliases, defaults: ["leap-latest"] } as Deployment;
  return { ...town.ports, deployment };
};
const declaring = (...of: Parameters<typeof portsOf>) => decideEvent(portsOf(...of));

const names = async (town: World, id: string) => (await town.run(id)).jobs.map(({ name }) => name);
const said = async (town: World, id: string) => {
  await town.report(id);
  return town.github.checks.filter(({ check }) => check.summary.includes("from now on")).length;
};
const opened = (text = "") => {
  const town = world();
  town.github.files.set(".millwright.yml", text);
  town.github.pulls.set(7, town.github.pullOf({ number: 7, sha: SHA }));
  return town;
};
const changed = { v: 1, event: { kind: "pull-changed", repo, number: 7 } } as const;
describe("an alias of a target", () => {
  test.each(["", "targets: { leap-latest: [x86_64] }\n", "targets: { leap-latest: { x86_64: required } }\n"])(
    "in %j gives its checks the name of the target that it stands for",
    async (text) => {
      const town = opened(text);
      await declaring(town, "15.5", "15.6")(changed);
      expect(await names(town, PULL)).toEqual(["rpm:greet:leap-15.6-x86_64"]);
      expect(await said(town, PULL)).toBe(0);
    },
  );

  test("moves on with the deployment, which the first run after that says, and no other", async () => {
    const town = opened("targets: { leap-latest: [x86_64] }\n");
    await declaring(town, "15.6")(changed);
    town.github.pulls.set(7, town.github.pullOf({ number: 7, sha: NEXT }));
    await declaring(town, "15.6", "16.0")(changed);
    const next = `1/pull/7/${NEXT}`;
    expect(await names(town, next)).toEqual(["rpm:greet:leap-16.0-x86_64"]);
    expect(await said(town, next)).toBe(1);
    expect(town.github.checks.find(({ check }) => check.name === "millwright")?.check.summary).toContain(
      "`leap-latest` is `leap-16.0` from now on; it was `leap-15.6`",
    );
    town.github.checks.splice(0);
    town.github.pulls.set(7, town.github.pullOf({ number: 7, sha: "e".repeat(40) }));
    await declaring(town, "15.6", "16.0")(changed);
    expect(await said(town, `1/pull/7/${"e".repeat(40)}`)).toBe(0);
  });

  test("that moved is said by the same run also when its news comes twice", async () => {
    const town = opened();
    await declaring(town, "15.6")(changed);
    town.github.pulls.set(7, town.github.pullOf({ number: 7, sha: NEXT }));
    await declaring(town, "15.6", "16.0")(changed);
    await declaring(town, "15.6", "16.0")(changed);
    expect((await town.run(`1/pull/7/${NEXT}`)).aliases).toEqual([
      { alias: "leap-latest", target: "leap-16.0", was: "leap-15.6" },
    ]);
  });

  test("changes nothing of a run that was laid out before, whatever is added to that", async () => {
    const town = opened();
    await declaring(town, "15.6")(changed);
    await declaring(town, "15.6", "16.0")(changed);
    const by = { id: 12, login: "maria" };
    const event = {
      kind: "commented",
      repo,
      number: 7,
      comment: 1,
      by,
      at: AT,
      body: "/build arm64",
    } as const;
    const hear = async () => [event];
    await town.deliver("c1");
    await decideEvent({ ...portsOf(town, "15.6", "16.0"), hear })({ v: 1, delivery: "c1" });
    expect(await names(town, PULL)).toEqual(["rpm:greet:leap-15.6-x86_64", "rpm:greet:leap-15.6-aarch64"]);
    expect(await said(town, PULL)).toBe(0);
  });
});
