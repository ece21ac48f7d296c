import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createRepository } from "../../src/source/git.ts";
import { fetchCommits, mergeCommits } from "../../src/source/merge.ts";
import { makeRepository, serveGit } from "./git-server.ts";

async function world() {
  const root = await mkdtemp(join(tmpdir(), "merge-test-"));
  const repository = makeRepository(root);
  const server = await serveGit(root);
  const dir = await mkdtemp(join(root, "stage-"));
  const git = await createRepository(dir, { url: `${server.origin}/packages.git` });
  const pauses: number[] = [];
  const pause = async (milliseconds: number) => void pauses.push(milliseconds);
  const manifest = (head: string, base?: string) => ({
    v: 1 as const,
    job: "x",
    repo: { url: "" },
    head,
    ...(base ? { base } : {}),
    recipe: { kind: "rpm" as const, name: "x", path: "x" },
    hosts: {},
    upload: { url: "", fields: {} },
  });
  const close = async () => {
    await server.close();
    await rm(root, { recursive: true, force: true });
  };
  return { repository, server, git, pause, pauses, manifest, close };
}

let at: Awaited<ReturnType<typeof world>>;
beforeEach(async () => {
  at = await world();
});
afterEach(() => at.close());

const blobs = async () => {
  const { out } = await at.git({ args: ["cat-file", "--batch-all-objects", "--batch-check=%(objecttype)"] });
  return out
    .toString()
    .split("\n")
    .filter((type) => type === "blob").length;
};

test("history comes without files, and a merge fetches only those that both sides changed", async () => {
  const long = Array.from({ length: 40 }, (_, line) => `${line}\n`).join("");
  const others = Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`p${n}/file`, `${n}`]));
  const first = at.repository.commit({ ...others, both: long });
  const base = at.repository.commit({ ...others, both: `base\n${long}`, "p1/file": "base" }, [first]);
  const head = at.repository.commit(
    { ...others, both: `${long}head\n`, "p2/file": "head" },
    [first],
    "refs/pull/1/head",
  );
  const manifest = at.manifest(head, base);
  await fetchCommits(at.git, manifest, at.pause);
  expect(await blobs()).toBe(0);
  const { tree } = await mergeCommits(at.git, manifest, at.pause);
  const merged = await at.git({ args: ["cat-file", "blob", `${tree}:both`] });
  expect(merged.out.toString()).toBe(`base\n${long}head\n`);
  // The three versions of one file, and the merged one.
  expect(await blobs()).toBe(4);
});

test("a network that breaks during the merge is the world's fault, not the branch's", async () => {
  const first = at.repository.commit({ a: "1\n" });
  const base = at.repository.commit({ a: "2\n" }, [first]);
  const head = at.repository.commit({ a: "3\n" }, [first], "refs/pull/1/head");
  const manifest = at.manifest(head, base);
  await fetchCommits(at.git, manifest, at.pause);
  await at.server.close();
  await expect(mergeCommits(at.git, manifest, at.pause)).rejects.toMatchObject({ exit: 75 });
  expect(at.pauses).toHaveLength(3);
});

test("a server that knows no filters sends all, and the merge is the same", async () => {
  at.repository.git(["config", "uploadpack.allowFilter", "false"]);
  const first = at.repository.commit({ a: "1\n" });
  const base = at.repository.commit({ a: "1\n", b: "1\n" }, [first]);
  const head = at.repository.commit({ a: "2\n" }, [first], "refs/pull/1/head");
  await fetchCommits(at.git, at.manifest(head, base), at.pause);
  const { tree } = await mergeCommits(at.git, at.manifest(head, base), at.pause);
  const { out } = await at.git({ args: ["ls-tree", "--name-only", tree] });
  expect(out.toString()).toBe("a\nb\n");
});

test("a repository is read by https and http alone", async () => {
  const dir = await mkdtemp(join(tmpdir(), "merge-test-"));
  await expect(
    createRepository(dir, { url: "file:///tmp" }).then((git) => git({ args: ["fetch", "origin"] })),
  ).rejects.toThrow("transport 'file' not allowed");
  await rm(dir, { recursive: true });
});
