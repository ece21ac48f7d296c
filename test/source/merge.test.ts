import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createRepository } from "../../src/source/git.ts";
import { fetchCommits, mergeCommits } from "../../src/source/merge.ts";
import { listTree } from "../../src/source/tree.ts";
import { serveFiles } from "./bucket.ts";
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

test("a repository that sends us elsewhere is not followed, so nobody else sees the token", async () => {
  const [moved, canary] = await Promise.all([serveFiles(), serveFiles()]);
  const path = "/packages.git/info/refs?service=git-upload-pack";
  moved.routes.set(path, { status: 301, headers: { location: `${canary.origin}${path}` } });
  const dir = await mkdtemp(join(tmpdir(), "merge-test-"));
  const git = await createRepository(dir, { url: `${moved.origin}/packages.git`, token: "ghs_1" });
  await expect(fetchCommits(git, at.manifest("1".repeat(40)), at.pause)).rejects.toMatchObject({ exit: 75 });
  expect(moved.hits).toContain(path);
  expect(canary.hits).toEqual([]);
  await Promise.all([moved.close(), canary.close(), rm(dir, { recursive: true })]);
});

/** A commit of a tree with one entry as raw as it comes. */
function rawCommit(entry: string): string {
  const oid = Buffer.from(at.repository.git(["hash-object", "-w", "--stdin"], "x"), "hex");
  const raw = Buffer.concat([Buffer.from(entry), oid]);
  const tree = at.repository.git(["hash-object", "-t", "tree", "--literally", "-w", "--stdin"], raw);
  const head = at.repository.git(["commit-tree", tree], "a change\n");
  at.repository.git(["update-ref", "refs/heads/main", head]);
  return head;
}

test.each([
  ["a file called .git", "100644 .git\0"],
  ["a file called ..", "100644 ..\0"],
  ["a name with a slash", "100644 a/b\0"],
])("git refuses a tree with %s, and that is the repository's fault", async (_, entry) => {
  const fetched = fetchCommits(at.git, at.manifest(rawCommit(entry)), at.pause);
  await expect(fetched).rejects.toMatchObject({ exit: 2, message: expect.stringContaining("malformed") });
  expect(at.pauses).toEqual([]);
});

test("a tree with a padded mode, as tools of old wrote them, is taken", async () => {
  const manifest = at.manifest(rawCommit("0100644 file\0"));
  await fetchCommits(at.git, manifest, at.pause);
  const { tree } = await mergeCommits(at.git, manifest, at.pause);
  expect(await listTree(at.git, tree)).toMatchObject([{ name: "file", kind: "file" }]);
});

test("a repository is read by https and http alone", async () => {
  const dir = await mkdtemp(join(tmpdir(), "merge-test-"));
  await expect(
    createRepository(dir, { url: "file:///tmp" }).then((git) => git({ args: ["fetch", "origin"] })),
  ).rejects.toThrow("transport 'file' not allowed");
  await rm(dir, { recursive: true });
});
