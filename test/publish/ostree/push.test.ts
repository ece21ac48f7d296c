import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { lackOf, testKey } from "../kit.ts";
import { client, ostree, REF, system } from "./kit.ts";
import { town } from "./town.ts";

const lack = lackOf("ostree");

describe.skipIf(lack)(`published trees${lack}`, () => {
  test.each(["bare-user-only", "archive"])("a client pulls what was composed in %s", async (mode) => {
    await using it = await town(mode);
    const first = await it.commit(system(1), 1);
    await it.publish(first);
    const reader = await client(it.dir, it);
    expect(await reader.pull()).toBe(first);
    await ostree("fsck", `--repo=${reader.repo}`);
    expect(await reader.read("/usr/etc/release")).toBe("day 1");
  });

  test("of a second commit only what is new is written, and it comes to clients by a delta from either of the last two", async () => {
    await using it = await town();
    const first = await it.commit(system(1), 1);
    await it.publish(first);
    const reader = await client(it.dir, it);
    await reader.pull();
    const second = await it.commit(system(2), 2);
    await it.delta(first, second);
    // Two files, the folders above them, the commit.
    expect((await it.publish(second)).fresh).toBe(2 + 4 + 1);
    const third = await it.commit(system(3), 3);
    await it.delta(second, third);
    await it.delta(first, third);
    await it.publish(third);
    it.asked();
    expect(await reader.pull()).toBe(third);
    const asked = it.asked();
    // A client that is quick fetches by the side what its delta is about to bring: only these two are asked for always.
    const parts = asked.filter((path) => path.startsWith("/ostree/deltas/"));
    expect(parts.map((path) => path.slice(path.lastIndexOf("/")))).toEqual(["/superblock", "/0"]);
    expect(asked.filter((path) => path.endsWith("(not there)"))).toEqual([]);
    expect(await reader.read("/usr/etc/release")).toBe("day 3");
  });

  test("without a summary a client follows the ref by itself", async () => {
    await using it = await town();
    const tree = await it.ready(await it.commit(system(1), 1));
    await it.move(tree);
    const reader = await client(it.dir, it, []);
    expect(await reader.pull()).toBe(tree.commit.sum);
  });

  test("a summary of two refs lets a client pull both, and a delta of one of them stays", async () => {
    await using it = await town();
    const other = "acme/stable/aarch64";
    const first = await it.commit(system(1), 1);
    await it.publish(first);
    const second = await it.commit(system(2), 2);
    await it.delta(first, second);
    await it.publish(second);
    await it.publish(await it.commit(system(1), 1, other), { ref: other });
    const reader = await client(it.dir, it);
    await reader.pull();
    expect(await reader.read("/usr/etc/release", REF)).toBe("day 2");
    await reader.pull(other);
    expect(await reader.read("/usr/etc/release", other)).toBe("day 1");
    const summary = await readFile(join(it.mirrorDir, "summary"), "latin1");
    expect(summary).toContain(`${first}-${second}`);
  });

  test("a client refuses a flipped byte, wherever it is", async () => {
    await using it = await town();
    await it.publish(await it.commit(system(1), 1));
    const names = await readdir(join(it.mirrorDir, "objects"), { recursive: true });
    const kinds = ["filez", "dirtree", "dirmeta", "commit", "commitmeta"].map((kind) =>
      join("objects", names.find((name) => name.endsWith(`.${kind}`)) ?? ""),
    );
    for (const path of [...kinds, "summary", "summary.sig"]) {
      const file = join(it.mirrorDir, path);
      const whole = await readFile(file);
      const broken = Buffer.from(whole);
      const middle = Math.floor(broken.length * 0.6);
      broken[middle] = (broken[middle] ?? 0) ^ 1;
      await writeFile(file, broken);
      const reader = await client(it.dir, it);
      await expect(reader.pull().catch(() => `${path} refused`)).resolves.toBe(`${path} refused`);
      await writeFile(file, whole);
      await reader.pull();
      await reader.forget();
    }
  });

  test("a client with another key refuses, also where only commits are checked", async () => {
    await using it = await town();
    await it.publish(await it.commit(system(1), 1));
    const { certificate } = await testKey();
    const reader = await client(it.dir, { url: it.url, certificate }, []);
    await expect(reader.pull()).rejects.toThrow(/signature/i);
  });

  test("a client refuses a commit that nobody signed", async () => {
    await using it = await town();
    const tree = await it.publish(await it.commit(system(1), 1));
    await it.mirror.put(
      `ostree/objects/${tree.commit.sum.slice(0, 2)}/${tree.commit.sum.slice(2)}.commitmeta`,
      Buffer.alloc(0),
    );
    await expect((await client(it.dir, it)).pull()).rejects.toThrow(/signature/i);
  });

  test("a client refuses another ref's commit, and an older one if it asks for times", async () => {
    await using it = await town();
    const first = await it.ready(await it.commit(system(1), 1));
    await it.move(first);
    const second = await it.ready(await it.commit(system(2), 2));
    await it.move(second);
    const swapped = "acme/testing/x86_64";
    await it.mirror.put(`ostree/refs/heads/${swapped}`, Buffer.from(`${second.commit.sum}\n`));
    const reader = await client(it.dir, it, []);
    await reader.pull();
    await expect(reader.pull(swapped)).rejects.toThrow(/binding/);
    await it.mirror.put(`ostree/refs/heads/${REF}`, Buffer.from(`${first.commit.sum}\n`));
    const timely = ["--timestamp-check", "acme", REF];
    await expect(ostree("pull", `--repo=${reader.repo}`, ...timely)).rejects.toThrow(/older/);
  });
});
