import { execFileSync } from "node:child_process";
import { mkdtemp, readlink, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { publicLookup } from "../../src/source/addresses.ts";
import { fetchSource } from "../../src/source/fetch-source.ts";
import { serveBucket } from "./bucket.ts";
import { type Files, makeRepository, serveGit } from "./git-server.ts";

const KIWI = '<image schemaversion="7.5" name="os"><preferences><type image="oci"/></preferences></image>\n';

async function world() {
  const root = await mkdtemp(join(tmpdir(), "image-source-"));
  const repository = makeRepository(root);
  const [git, bucket] = await Promise.all([serveGit(root), serveBucket()]);
  /** The description at `path` of a commit, packed; gives the names in the bundle. */
  const pack = async (files: Files, path = "os/os.kiwi"): Promise<readonly string[]> => {
    const head = repository.commit(files);
    await fetchSource(
      {
        v: 1,
        job: "1/push/main/abc#source/image:os#1",
        repo: { url: `${git.origin}/packages.git` },
        head,
        recipe: { kind: "image", name: "os", path },
        hosts: {},
        upload: { url: bucket.origin, fields: { key: "${filename}" } },
      },
      {
        dir: await mkdtemp(join(root, "stage-")),
        say: () => undefined,
        pause: async () => undefined,
        lookup: publicLookup(),
        limits: { bytes: 1024 ** 2, idleMilliseconds: 5000, totalMilliseconds: 20_000 },
      },
    );
    const dir = join(root, "unpacked");
    execFileSync("mkdir", ["-p", dir]);
    await writeFile(join(dir, "bundle.tar"), bucket.files.get("bundle.tar") ?? Buffer.alloc(0));
    execFileSync("tar", ["-xf", "bundle.tar"], { cwd: dir });
    const listed = execFileSync("tar", ["-tf", "bundle.tar"], { cwd: dir }).toString().trim().split("\n");
    return listed.filter((name) => !name.endsWith("/")).map((name) => name.replace("description/", ""));
  };
  const close = async () => {
    await Promise.all([git.close(), bucket.close()]);
    await rm(root, { recursive: true, force: true });
  };
  return { unpacked: join(root, "unpacked/description"), bucket, pack, close };
}

let at: Awaited<ReturnType<typeof world>>;
beforeEach(async () => {
  at = await world();
});
afterEach(() => at.close());

test("what stands beside a description goes along, with its modes and links", async () => {
  const packed = await at.pack({
    "os/os.kiwi": KIWI,
    "os/config.sh": { mode: "100755", text: "#!/bin/bash\n" },
    "os/root/etc/.hidden": "x",
    "os/root/etc/localtime": { mode: "120000", text: "/usr/share/zoneinfo/UTC" },
    "os/other.spec": "Name: other\n",
    "README.md": "#\n",
  });
  expect(packed).toEqual(["config.sh", "config.xml", "root/etc/.hidden", "root/etc/localtime"]);
  expect((await stat(join(at.unpacked, "config.sh"))).mode & 0o111).not.toBe(0);
  expect(await readlink(join(at.unpacked, "root/etc/localtime"))).toBe("/usr/share/zoneinfo/UTC");
});

test("at the top of a repository only the files there and `root` are an image's", async () => {
  const files = { "os.kiwi": KIWI, "root/etc/motd": "x", "pkg/a.spec": "Name: a\n", ".millwright.yml": "" };
  expect(await at.pack(files, "os.kiwi")).toEqual(["config.xml", "root/etc/motd"]);
});

test("the same files give the same bytes, whatever else a commit changes", async () => {
  await at.pack({ "os/os.kiwi": KIWI, "a.spec": "1" });
  const first = at.bucket.files.get("bundle.tar");
  await at.pack({ "os/os.kiwi": KIWI, "a.spec": "2", "b/c": "3" });
  expect(at.bucket.files.get("bundle.tar")).toEqual(first);
});

test.each<[string, Files, string]>([
  ["is not there", { "os/a": "" }, "os/os.kiwi: there is no such file."],
  [
    "is no XML",
    { "os/os.kiwi": "<image>\n<" },
    "os/os.kiwi:2: This is not well-formed XML: unclosed tag: image",
  ],
  [
    "includes what is not there",
    { "os/os.kiwi": KIWI.replace("<pref", '\n<include from="file://more.xml"/><pref') },
    "os/os.kiwi:2: more.xml is not there.",
  ],
  [
    "includes what is broken",
    {
      "os/os.kiwi": KIWI.replace("<pref", '<include from="file://more.xml"/><pref'),
      "os/more.xml": "\n<x/>",
    },
    "more.xml:2: The root of a kiwi description is <image>.",
  ],
])("a description that %s is refused at its line", async (_, files, sentence) => {
  await expect(at.pack(files)).rejects.toThrow(sentence);
});

test("a link as a folder of the image's files leads nowhere while they are written", async () => {
  const files = { "os/os.kiwi": KIWI, "os/root": { mode: "120000", text: "/tmp" } };
  expect(await at.pack(files)).toEqual(["config.xml", "root"]);
  expect(await readlink(join(at.unpacked, "root"))).toBe("/tmp");
});
