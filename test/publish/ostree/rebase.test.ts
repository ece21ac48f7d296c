import { cp, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Mirror } from "../../../src/publish/mirror.ts";
import { readRef } from "../../../src/publish/ostree/ref.ts";
import { lackOf } from "../kit.ts";
import { client, ostree, REF, system } from "./kit.ts";
import { town } from "./town.ts";

const lack = lackOf("ostree");

/** A first publication, and two trees that were composed on it at the same time. */
async function fork() {
  const it = await town();
  const first = await it.commit(system(1), 1);
  await it.publish(first);
  const left = await it.commit(system(2), 2);
  await ostree("reset", `--repo=${it.repository.dir}`, REF, first);
  const right = await it.commit({ ...system(3), "usr/bin/more": "more\n" }, 3);
  await it.delta(first, right);
  return { ...it, first, left, right };
}

describe.skipIf(lack)(`two trees that were composed on one commit${lack}`, () => {
  test("are published one after the other, the second as what follows the first", async () => {
    await using it = await fork();
    const reader = await client(it.dir, it);
    expect(await reader.pull()).toBe(it.first);
    await it.publish(it.left);
    const { commit, composed, fresh } = await it.publish(it.right);
    expect([composed, commit.parent]).toEqual([it.right, it.left]);
    // Three files, the folders above them, the commit.
    expect(fresh).toBe(3 + 5 + 1);
    it.asked();
    expect(await reader.pull()).toBe(commit.sum);
    expect(it.asked().filter((path) => path.startsWith("/ostree/deltas/"))).not.toEqual([]);
    expect(await reader.read("/usr/etc/release")).toBe("day 3");
    await ostree("fsck", `--repo=${reader.repo}`);
    const version = await ostree(
      "show",
      `--repo=${reader.repo}`,
      "--print-metadata-key=version",
      `acme:${REF}`,
    );
    expect(version).toBe("'20260303_01'");
    const late = await client(it.dir, it);
    expect(await late.pull()).toBe(commit.sum);
    expect(await late.read("/usr/bin/more")).toBe("more");
  });

  test("come to the same when the second publisher is stopped and comes again", async () => {
    await using it = await fork();
    await it.publish(it.left);
    const ready = await it.ready(it.right);
    await it.move(ready);
    const again = await it.publish(it.right);
    expect(again).toMatchObject({ fresh: 0, composed: it.right, commit: { sum: ready.commit.sum } });
    expect(again.deltas.map(({ from }) => from)).toEqual([it.first]);
    expect(await readRef(it.mirror, REF)).toBe(ready.commit.sum);
    expect(await (await client(it.dir, it)).pull()).toBe(ready.commit.sum);
  });

  test("are one commit where they are the same tree", async () => {
    await using it = await fork();
    await it.publish(it.right);
    await ostree("reset", `--repo=${it.repository.dir}`, REF, it.first);
    const root = ["--canonical-permissions", "--no-xattrs", "--timestamp=2026-03-04T00:00:00Z"];
    const tree = `--tree=ref=${it.right}`;
    const same = await ostree("commit", `--repo=${it.repository.dir}`, `--branch=${REF}`, ...root, tree);
    expect(await it.publish(same)).toMatchObject({ fresh: 0, deltas: [], commit: { sum: it.right } });
    expect(await (await client(it.dir, it)).pull()).toBe(it.right);
  });

  test("are refused as ever where the second is older, or follows what never was published", async () => {
    await using it = await fork();
    await it.publish(it.right);
    await expect(it.publish(it.left)).rejects.toThrow("is older than the one that is published");
    await ostree("reset", `--repo=${it.repository.dir}`, REF, it.left);
    const stray = await it.commit(system(4), 4);
    await expect(it.publish(stray)).rejects.toThrow(
      `was composed on ${it.left}, but ${it.right} is published`,
    );
  });
});

describe.skipIf(lack)(`a tree is read back before its ref moves${lack}`, () => {
  const losing = (mirror: Mirror, lost: (key: string) => boolean, as?: Buffer): Mirror => ({
    ...mirror,
    put: async (key, body) => (lost(key) ? as && mirror.put(key, as) : mirror.put(key, body)),
  });

  test.each([".filez", ".dirtree", ".commitmeta", ".commit", "/superblock"])(
    "and stays where a %s is lost, or another one",
    async (kind) => {
      await using it = await fork();
      const before = join(it.dir, "before");
      await cp(it.mirrorDir, before, { recursive: true });
      for (const as of [undefined, Buffer.from("something else")]) {
        const mirror = losing(it.mirror, (key) => key.endsWith(kind), as);
        await expect(it.publish(it.right, { mirror })).rejects.toThrow(
          as ? "is not the object that was put there" : "reading it back was answered with 404",
        );
        expect(await readRef(it.mirror, REF)).toBe(it.first);
        await rm(it.mirrorDir, { recursive: true });
        await cp(before, it.mirrorDir, { recursive: true });
      }
      await it.publish(it.right);
      expect(await (await client(it.dir, it)).pull()).toBe(it.right);
    },
  );

  test("and of an archive it is looked whether files are what their names say", async () => {
    await using it = await town("archive");
    const first = await it.commit(system(1), 1);
    const names = await readdir(join(it.repository.dir, "objects"), { recursive: true });
    const files = names.filter((name) => name.endsWith(".filez")).toSorted();
    const [one = "", other = ""] = files.map((name) => join(it.repository.dir, "objects", name));
    await cp(one, other);
    await expect(it.publish(first)).rejects.toThrow("is not what its name says");
    expect(await readRef(it.mirror, REF)).toBeUndefined();
  });
});
