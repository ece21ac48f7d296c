import { describe, expect, test } from "vitest";
import { decideNight } from "../../../src/flow/decide/night.ts";
import { AT, NEXT, PULL, PUSH, repo, SHA, type World, world } from "../world.ts";

const RULES = `channels:
  release: { branch: release }
  devel: { branch: main, over: [release] }
  home: { branch: home, over: [devel] }
  nightly: { branch: main, nightly: "02:00", over: [] }
`;

function town(): World {
  const made = world();
  made.github.files.set(".millwright.yml", RULES);
  for (const branch of ["main", "home"]) made.github.branches.set(branch, { sha: SHA, isProtected: true });
  return made;
}

/** A channel points at a snapshot. */
async function publish({ ports }: World, channel: string, number: number): Promise<void> {
  const [at, snapshot] = [`acme/os/${channel}/debian-12`, `snapshots/00000${number}`];
  const pointer = `https://mirror.example/${at}/${snapshot}/\n`;
  await ports.mirrored.put(`${at}/${snapshot}/snapshot.json`, `{"v":1,"repomd":"${number}${channel}"}`);
  await ports.mirrored.put(`${at}/mirrorlist`, pointer);
}

const layers = async (made: World, run: string) =>
  (await made.run(run)).jobs.map((job) =>
    (job.layers ?? []).map(({ channel, snapshot, repomd }) => `${channel} ${snapshot} ${repomd}`).join(", "),
  );

describe("what a package is built over", () => {
  test("is its own channel, then those below, as far as they have anything for the target", async () => {
    const made = town();
    await publish(made, "release", 3);
    await publish(made, "home", 1);
    await made.decide({ kind: "branch-pushed", repo, branch: "home" });
    expect(await layers(made, PUSH.replace("main", "home"))).toEqual([
      "home 1 1home, release 3 3release",
      "home 1 1home, release 3 3release",
    ]);
  });

  test("is for a pull request what it is for its base", async () => {
    const made = town();
    await publish(made, "release", 3);
    await publish(made, "home", 1);
    made.github.pulls.set(7, made.github.pullOf({ number: 7, sha: SHA }));
    await made.decide({ kind: "pull-changed", repo, number: 7 });
    expect((await layers(made, PULL))[0]).toBe("release 3 3release");
  });

  test("stays what it was for all that is added to a run", async () => {
    const made = town();
    made.github.files.set(".millwright.yml", `targets: { debian-12: [x86_64] }\n${RULES}`);
    await publish(made, "release", 3);
    made.github.pulls.set(7, made.github.pullOf({ number: 7, sha: SHA }));
    await made.decide({ kind: "pull-changed", repo, number: 7 });
    await publish(made, "release", 4);
    const by = { id: 12, login: "maria" };
    await made.deliver("c", {
      kind: "commented",
      repo,
      number: 7,
      comment: 1,
      by,
      at: AT,
      body: "/build arm64",
    });
    expect(await layers(made, PULL)).toEqual(["release 3 3release", "release 3 3release"]);
  });

  test("of a night is no news where only its own channel has moved", async () => {
    const made = town();
    const night = { kind: "night-came", repo, channel: "nightly", night: "2026-11-21" } as const;
    const { run = "" } = await decideNight(made.ports, night);
    for (const { name, attempt } of (await made.run(run)).stages)
      await made.move(run, { kind: "passed", prefix: "p/", files: [], stage: name, attempt, at: AT });
    await publish(made, "nightly", 1);
    const again = await decideNight(made.ports, { ...night, night: "2026-11-22" });
    expect(again.because).toBe("nothing changed since 20261121_01");
    made.github.branches.set("main", { sha: NEXT, isProtected: true });
    const third = await decideNight(made.ports, { ...night, night: "2026-11-23" });
    expect((await layers(made, third.run ?? ""))[0]).toBe("nightly 1 1nightly");
  });

  test("is its own channel at least, where what depends on a change is built again", async () => {
    const made = town();
    made.github.files.set(".millwright.yml", "channels: { devel: { branch: main, rebuild: direct } }\n");
    await publish(made, "devel", 1);
    await made.decide({ kind: "branch-pushed", repo, branch: "main" });
    expect((await layers(made, PUSH))[0]).toBe("devel 1 1devel");
  });

  test("is nothing but the target where the rules say nothing", async () => {
    const made = town();
    made.github.files.set(".millwright.yml", "channels: { devel: { branch: main } }\n");
    await publish(made, "devel", 1);
    await made.decide({ kind: "branch-pushed", repo, branch: "main" });
    expect(await layers(made, PUSH)).toEqual(["", ""]);
  });
});
