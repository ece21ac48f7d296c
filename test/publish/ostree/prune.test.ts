import { execFileSync } from "node:child_process";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { pinKey } from "../../../src/pipelines/release/pin.ts";
import { repo } from "../../flow/world.ts";
import { PLACE } from "../bucket.ts";
import { lackOf } from "../kit.ts";
import { pruning } from "../pruning.ts";
import { client, ostree, REF, system } from "./kit.ts";
import { town } from "./town.ts";
import { wholeAt } from "./whole.ts";

const lack = lackOf("ostree");

/** Four days' trees on one ref, with deltas, each under its number; and the door that prunes, on the eighth of the month. */
async function house(rules = "keepDays: 5") {
  const it = await town();
  const commits: string[] = [];
  for (const day of [1, 2, 3, 4]) {
    const commit = await it.commit(system(day), day);
    const [from] = commits.slice(-1);
    if (from) await it.delta(from, commit);
    await it.publish(commit);
    commits.push(commit);
  }
  const config = `channels: { devel: { branch: main, ${rules} } }`;
  const door = pruning(join(it.mirrorDir, ".."), { rules: config, begins: "2026-03-08T00:00:00.000Z" });
  return {
    ...it,
    commits,
    removed: door.mirror.removed,
    state: door.state,
    look: () => door.prune(true),
    /** Finds what is to go, and a day later lets it go. */
    async prune() {
      await door.prune();
      door.nextDay();
      await door.prune();
    },
  };
}

describe.skipIf(lack)(`trees that no kept release needs${lack}`, () => {
  test("go with all that they alone led to, and clients find the others whole", async () => {
    await using it = await house();
    const [plan] = await it.look();
    expect(plan).toMatchObject({ place: PLACE });
    expect(plan?.trees).toEqual([
      { ref: REF, commit: it.commits[3], because: "current" },
      // The fourth of the month took its place.
      { ref: REF, commit: it.commits[2], because: "recent" },
    ]);
    expect(it.removed).toEqual([]);
    await it.prune();
    const kinds = it.removed.map((key) => key.slice(key.lastIndexOf(".") + 1));
    expect(new Set(kinds.filter((kind) => !kind.includes("/")))).toEqual(
      new Set(["commit", "commitmeta", "dirtree", "filez"]),
    );
    expect(it.removed.filter((key) => key.includes("/deltas/"))).not.toEqual([]);
    // A commit goes before what it leads to.
    expect(kinds.indexOf("commit")).toBeLessThan(kinds.indexOf("filez"));
    expect(await wholeAt(`${it.url}/ostree`, REF)).toBe(it.commits[3]);
    const reader = await client(it.dir, it);
    expect(await reader.pull()).toBe(it.commits[3]);
    await ostree("pull", `--repo=${reader.repo}`, "--depth=1", "acme", REF);
    expect(await ostree("rev-parse", `--repo=${reader.repo}`, `acme:${REF}^`)).toBe(it.commits[2]);
    await ostree("fsck", `--repo=${reader.repo}`);
    const fifth = await it.commit(system(5), 5);
    await it.publish(fifth);
    expect(await wholeAt(`${it.url}/ostree`, REF)).toBe(fifth);
  });

  test("stay where they are pinned, with what they lead to", async () => {
    await using it = await house();
    await it.state.put(pinKey(repo.id, "devel", "20260301_01"), "{}");
    await it.prune();
    const reader = await client(it.dir, it);
    await ostree("pull", `--repo=${reader.repo}`, "acme", `${REF}@${it.commits[0]}`);
    await expect(ostree("pull", `--repo=${reader.repo}`, "acme", `${REF}@${it.commits[1]}`)).rejects.toThrow(
      "404",
    );
  });

  test("are left alone where the mirror is not as it says", async () => {
    await using it = await house();
    const found = execFileSync("find", [it.mirrorDir, "-name", "*.dirtree"], { encoding: "utf8" }).split(
      "\n",
    );
    const reached = [...found].filter((path) => path !== "");
    for (const path of reached) await rm(path);
    await expect(it.prune()).rejects.toThrow("is missing");
    expect(it.removed).toEqual([]);
  });
});
