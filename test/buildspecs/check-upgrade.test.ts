import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { isProgram } from "../local/distribution/cache.ts";
import { ostree, REF } from "../publish/ostree/kit.ts";
import { town } from "../publish/ostree/town.ts";
import { runBuildspec } from "./run-buildspec.ts";
import { standInStore } from "./stand-in-store.ts";

const BUILDSPEC = "check-upgrade.yml";

const missing = ["ostree", "bwrap", "curl", "zstd", "tar"].filter((tool) => !isProgram(tool));
const why = missing.length > 0 && `skipped, because ${missing.join(", ")} is not installed: `;

/** A system that can be deployed: a kernel, and what tells its name. */
const system = (day: number): Readonly<Record<string, string>> => ({
  "usr/lib/modules/6.1/vmlinuz": `kernel of day ${day}\n`,
  "usr/lib/modules/6.1/initramfs.img": "initramfs\n",
  "usr/lib/os-release": `NAME=Small\nID=small\nVERSION_ID=${day}\n`,
  "usr/etc/issue": `day ${day}\n`,
  "usr/etc/a file/of many words": "the same\n",
  "usr/bin/program": `day ${day}\n`,
});
const without = (files: Readonly<Record<string, string>>, begin: string) =>
  Object.fromEntries(Object.entries(files).filter(([path]) => !path.startsWith(begin)));

/** A channel, and the check of what is composed for it. */
async function channel() {
  const it = await town();
  const store = await standInStore();
  await it.mirror.put("RPM-GPG-KEY-millwright", Buffer.from(it.certificate));
  const pack = (leaveOut: readonly string[]): Buffer =>
    execFileSync(
      "sh",
      [
        "-c",
        'tar --create "$@" repo/config repo/refs/heads repo/objects | zstd --quiet',
        "sh",
        ...leaveOut.map((one) => `--exclude=${one}`),
      ],
      { cwd: join(it.repository.dir, "..", "pack"), maxBuffer: 1e8 },
    );
  await mkdir(join(it.dir, "pack"));
  execFileSync("ln", ["-s", "../repo-bare-user-only", join(it.dir, "pack/repo")]);
  return {
    ...it,
    store,
    /** What becomes of the newest commit, of which only what is new comes along. */
    async check(known: readonly string[] = []) {
      const tree = pack(known);
      store.objects.set("/tree", [tree]);
      const words = {
        tree: `${store.url}/tree`,
        sha256: createHash("sha256").update(tree).digest("hex"),
        ref: REF,
        mirror: `${it.url}/ostree`,
        key: `${it.url}/RPM-GPG-KEY-millwright`,
        upload: `${store.url}/store`,
      };
      const lines = Object.entries(words).map((line) => `${line.join(" ")}\n`);
      store.objects.set("/manifest", [lines.join("")]);
      store.uploads.splice(0);
      const work = await mkdtemp(join(it.dir, "work-"));
      const ended = await runBuildspec({
        root: "/",
        work,
        manifest: `${store.url}/manifest`,
        buildspec: BUILDSPEC,
      });
      const facts = store.uploads.find(({ name }) => name === "facts.json")?.content.toString();
      return { ...ended, facts: JSON.parse(facts ?? "{}") as Readonly<Record<string, string>> };
    },
    /** The next commit follows this one. */
    onto: (commit: string) => ostree("reset", `--repo=${it.repository.dir}`, REF, commit),
    /** The files that are on the mirror already, as a builder leaves them out. */
    published: async () =>
      execFileSync("find", ["objects", "-name", "*.filez"], { cwd: it.mirrorDir, encoding: "utf8" })
        .split("\n")
        .filter(Boolean)
        .map((path) => `repo/${path.replace(".filez", ".file")}`),
    async [Symbol.asyncDispose]() {
      store.close();
      await it[Symbol.asyncDispose]();
    },
  };
}

describe.skipIf(why)(`${why || ""}the upgrade check`, { timeout: 120_000 }, () => {
  test("goes from what is published to what is composed, and back, with what the machine had changed in /etc", async () => {
    await using it = await channel();
    const first = await it.commit(system(1), 1);
    expect(await it.check()).toMatchObject({ status: 0, facts: { upgrade: "nothing", to: first } });
    await it.publish(first);
    const second = await it.commit(system(2), 2);
    const ended = await it.check(await it.published());
    expect(ended.log).toContain(`going back to ${first}`);
    expect(ended).toMatchObject({ status: 0, facts: { upgrade: "tree", from: first, to: second } });
    expect(it.store.uploads.map(({ name }) => name)).toEqual(["facts.json", "SHA256SUMS"]);
  });

  test("refuses a tree that lost its kernel, that names no system, or whose files are missing", async () => {
    await using it = await channel();
    const first = await it.commit(system(1), 1);
    await it.publish(first);
    await it.commit(without(system(2), "usr/lib/modules"), 2);
    const kernelless = await it.check(await it.published());
    expect(kernelless.log).toContain("millwright: refused: the tree has no kernel any more");
    expect(kernelless).toMatchObject({ status: 1, facts: {} });
    await it.onto(first);
    await it.commit(without(system(3), "usr/lib/os-release"), 3);
    const nameless = await it.check();
    expect(nameless.log).toContain("millwright: refused: the tree cannot be deployed");
    expect(nameless.status).toBe(1);
    await it.onto(first);
    await it.commit({ ...system(4), "etc/also": "here\n" }, 4);
    expect((await it.check()).log).toContain("millwright: refused: the tree cannot be deployed");
    await it.onto(first);
    await it.commit(system(5), 5);
    const partial = await it.check(["*.file"]);
    expect(partial.log).toContain("millwright: refused: the tree is not whole");
  });

  test("tries nothing of a tree without a kernel, and only the new one where the published cannot be deployed", async () => {
    await using it = await channel();
    const first = await it.commit(without(system(1), "usr/lib/modules"), 1);
    expect(await it.check()).toMatchObject({ status: 0, facts: { upgrade: "no kernel", to: first } });
    await it.publish(first);
    const second = await it.commit(without(system(2), "usr/lib/os-release"), 2);
    expect(await it.check()).toMatchObject({ status: 1, facts: {} });
    // Published all the same: by another tool, or before there was a check.
    await it.publish(second);
    await it.commit(system(3), 3);
    expect(await it.check()).toMatchObject({ status: 0, facts: { upgrade: "broken", from: second } });
  });

  test("takes nothing from a mirror that another key signed", async () => {
    await using it = await channel();
    const first = await it.commit(system(1), 1);
    const { commit } = await it.publish(first);
    await it.commit(system(2), 2);
    const meta = `objects/${commit.sum.slice(0, 2)}/${commit.sum.slice(2)}.commitmeta`;
    const signed = await readFile(join(it.mirrorDir, meta));
    await it.mirror.put(`ostree/${meta}`, Buffer.alloc(0));
    expect((await it.check()).log).toContain(
      "millwright: infrastructure: what is published cannot be pulled",
    );
    await it.mirror.put(`ostree/${meta}`, signed);
    expect((await it.check()).facts).toMatchObject({ upgrade: "tree" });
  });
});
