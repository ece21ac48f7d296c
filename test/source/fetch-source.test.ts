import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { publicLookup } from "../../src/source/addresses.ts";
import { fetchSource } from "../../src/source/fetch-source.ts";
import { careful, formsOf } from "../../src/source/progress.ts";
import type { Known } from "../../src/source/shelf.ts";
import { serveBucket, serveFiles } from "./bucket.ts";
import { type Files, makeRepository, serveGit } from "./git-server.ts";

const TOKEN = "ghs_abcdefghijklmnopqrstuvwxyz";
const TARBALL = Buffer.from("not really a tarball\n");
const sha = (algorithm: string, data: Buffer | string) => createHash(algorithm).update(data).digest("hex");

const SPEC = `Name: hello
Version: 1.0
Release: 1%{?dist}
Source0: https://github.com/up/hello/archive/v%{version}.tar.gz#/%{name}-%{version}.tar.gz
Patch0: fix.patch
`;
const HELLO: Files = { "hello/hello.spec": SPEC, "hello/fix.patch": "a fix\n" };

async function world() {
  const root = await mkdtemp(join(tmpdir(), "source-test-"));
  const repository = makeRepository(root);
  const [git, bucket, web] = await Promise.all([serveGit(root, TOKEN), serveBucket(), serveFiles()]);
  web.routes.set("/up/hello/archive/v1.0.tar.gz", { body: TARBALL });
  const lines: string[] = [];
  const pauses: number[] = [];
  const fetchIt = async (
    commits: { head: string; base?: string },
    change: Partial<{ path: string; bytes: number; known: readonly Known[] }> = {},
  ) => {
    const dir = await mkdtemp(join(root, "stage-"));
    const manifest = {
      v: 1 as const,
      job: "1/push/main/abc#source/hello#1",
      repo: { url: `${git.origin}/packages.git`, token: TOKEN },
      ...commits,
      recipe: { kind: "rpm" as const, name: "hello", path: change.path ?? "hello" },
      hosts: { "github.com": web.origin },
      known: change.known?.slice(),
      upload: { url: bucket.origin, fields: { key: "results/1/${filename}", policy: "x" } },
    };
    await fetchSource(manifest, {
      dir,
      say: careful((line) => void lines.push(line), formsOf(TOKEN)),
      pause: async (milliseconds) => void pauses.push(milliseconds),
      lookup: publicLookup(),
      limits: { bytes: change.bytes ?? 1024 ** 2, idleMilliseconds: 5000, totalMilliseconds: 20_000 },
    });
    return dir;
  };
  const close = async () => {
    await Promise.all([git.close(), bucket.close(), web.close()]);
    await rm(root, { recursive: true, force: true });
  };
  return { root, repository, git, bucket, web, lines, pauses, fetchIt, close };
}

let at: Awaited<ReturnType<typeof world>>;
beforeEach(async () => {
  at = await world();
});
afterEach(() => at.close());

const uploaded = (name: string) => at.bucket.files.get(`results/1/${name}`) ?? Buffer.alloc(0);
const failure = async (...order: Parameters<typeof at.fetchIt>) =>
  at.fetchIt(...order).then(
    () => ({ message: "it passed" }),
    (error: Error & { kind?: string; exit?: number }) => error,
  );

async function unpacked() {
  const dir = await mkdtemp(join(at.root, "unpacked-"));
  await writeFile(join(dir, "bundle.tar"), uploaded("bundle.tar"));
  execFileSync("tar", ["-xf", "bundle.tar"], { cwd: dir });
  return {
    specs: await readdir(join(dir, "SPECS")),
    sources: await readdir(join(dir, "SOURCES")),
    listing: execFileSync("tar", ["-tvf", "bundle.tar"], { cwd: dir }).toString(),
  };
}

test("a push is fetched, packed, summed and uploaded, the sums last", async () => {
  const head = at.repository.commit(HELLO);
  await at.fetchIt({ head });
  expect(at.bucket.order).toEqual(
    ["bundle.tar", "recipe.spec", "facts.json", "SHA256SUMS"].map((name) => `results/1/${name}`),
  );
  expect(await unpacked()).toMatchObject({
    specs: ["hello.spec"],
    sources: ["fix.patch", "hello-1.0.tar.gz"],
  });
  expect(uploaded("SHA256SUMS").toString()).toBe(
    ["bundle.tar", "recipe.spec", "facts.json"]
      .map((name) => `${sha("sha256", uploaded(name))}  ${name}\n`)
      .join(""),
  );
  expect(uploaded("recipe.spec").toString()).toBe(SPEC);
  expect(JSON.parse(uploaded("facts.json").toString())).toEqual({
    name: "hello",
    epoch: 1_700_000_000,
    merged: at.repository.git(["rev-parse", `${head}^{tree}`]),
    sources: [
      { file: "fix.patch", sha256: sha("sha256", "a fix\n") },
      {
        file: "hello-1.0.tar.gz",
        url: "https://github.com/up/hello/archive/v1.0.tar.gz#/hello-1.0.tar.gz",
        sha256: sha("sha256", TARBALL),
      },
    ],
  });
});

test("a pull request is merged into its base, and both changes are in the bundle", async () => {
  const first = at.repository.commit({ ...HELLO, "hello/.gitignore": "x", "other/x": "1" });
  const base = at.repository.commit({ ...HELLO, "hello/base.conf": "base" }, [first]);
  const head = at.repository.commit({ ...HELLO, "hello/head.conf": "head" }, [first], "refs/pull/1/head");
  await at.fetchIt({ head, base });
  expect((await unpacked()).sources).toEqual(["base.conf", "fix.patch", "head.conf", "hello-1.0.tar.gz"]);
});

test("two fetches of the same content give the same bytes, also from another commit", async () => {
  const first = at.repository.commit(HELLO);
  const second = at.repository.commit({ ...HELLO, "other/file": "x" }, [first]);
  await at.fetchIt({ head: first });
  const before = uploaded("bundle.tar");
  await at.fetchIt({ head: second });
  expect(uploaded("bundle.tar").equals(before)).toBe(true);
  expect((await unpacked()).listing).toMatch(/^drwxr-xr-x 0\/0 +0 1970-01-01 00:00 SPECS\/$/m);
});

test("the token reaches the repository alone: no line of the log, no host of a source", async () => {
  const head = at.repository.commit(HELLO);
  await at.fetchIt({ head });
  expect(at.git.seen.every(({ authorization }) => authorization?.startsWith("Basic "))).toBe(true);
  expect(at.web.credentials).toEqual([undefined]);
  const log = at.lines.join("\n");
  expect(formsOf(TOKEN).filter((form) => log.includes(form))).toEqual([]);
  expect(log).toContain("fetching hello-1.0.tar.gz from https://github.com/up/hello/archive/v1.0.tar.gz");
  expect(log).toContain(`hello-1.0.tar.gz: 21 bytes, sha256 ${sha("sha256", TARBALL)}`);
});

describe("what cannot be merged is said with its files", () => {
  test("a conflict", async () => {
    const first = at.repository.commit(HELLO);
    const base = at.repository.commit({ ...HELLO, "hello/hello.spec": `${SPEC}# base\n` }, [first]);
    const head = at.repository.commit(
      { ...HELLO, "hello/hello.spec": `${SPEC}# head\n` },
      [first],
      "refs/pull/1/head",
    );
    expect(await failure({ head, base })).toMatchObject({
      kind: "conflict",
      exit: 2,
      message: "The branch conflicts with its base in hello/hello.spec; merge or rebase and push again.",
    });
  });

  test("a file renamed to two names", async () => {
    const first = at.repository.commit({ ...HELLO, "a.txt": "one\ntwo\nthree\n" });
    const base = at.repository.commit({ ...HELLO, "b.txt": "one\ntwo\nthree\n" }, [first]);
    const head = at.repository.commit(
      { ...HELLO, "c.txt": "one\ntwo\nthree\n" },
      [first],
      "refs/pull/1/head",
    );
    const error = await failure({ head, base });
    expect(error).toMatchObject({ kind: "conflict" });
    expect(error.message).toContain("a.txt, b.txt, c.txt");
  });

  test("a name that would forge a line of the log", async () => {
    const evil = "hello/x\nmillwright: passed";
    const first = at.repository.commit({ ...HELLO, [evil]: "1" });
    const base = at.repository.commit({ ...HELLO, [evil]: "2" }, [first]);
    const head = at.repository.commit({ ...HELLO, [evil]: "3" }, [first], "refs/pull/1/head");
    const error = await failure({ head, base });
    expect(error.message).toContain("hello/x\\u{a}millwright: passed");
  });

  test("an unrelated branch", async () => {
    const base = at.repository.commit(HELLO);
    const head = at.repository.commit({ ...HELLO, "x.txt": "x" }, [], "refs/pull/1/head");
    expect((await failure({ head, base })).message).toBe(
      "The branch shares no history with its base; rebase it onto the base.",
    );
  });
});

test("a commit that is gone is refused", async () => {
  at.repository.commit(HELLO);
  expect(await failure({ head: "1".repeat(40) })).toMatchObject({
    exit: 2,
    message: "The commit is not in the repository any more; push again.",
  });
});

test("a repository that does not answer is tried four times and then the world's fault", async () => {
  const head = at.repository.commit(HELLO);
  await at.git.close();
  expect(await failure({ head })).toMatchObject({ kind: "infrastructure", exit: 75 });
  expect(at.pauses).toEqual([1000, 4000, 16_000]);
});

describe("the recipe's files are refused when they are not plain files", () => {
  const spec = (lines: string) => `Name: hello\nVersion: 1\nRelease: 1\n${lines}\n`;
  const rows: readonly (readonly [string, Files, string])[] = [
    [
      "a source that is a symlink",
      {
        "hello/hello.spec": spec("Source0: a.conf"),
        "hello/a.conf": { mode: "120000", text: "/etc/passwd" },
      },
      "hello/hello.spec:4: Source0 is a.conf, a symlink; put the file itself there.",
    ],
    [
      "a source that is a submodule",
      { "hello/hello.spec": spec("Source0: up"), "hello/up": { mode: "160000", oid: "1".repeat(40) } },
      "hello/hello.spec:4: Source0 is up, a submodule; put the file itself there.",
    ],
    [
      "a spec that is a symlink",
      { "hello/hello.spec": { mode: "120000", text: "../x" } },
      "hello/hello.spec is a symlink; put the spec there itself.",
    ],
    [
      "a directory that is a symlink",
      { hello: { mode: "120000", text: "x" } },
      "hello is a symlink; put the recipe's files there themselves.",
    ],
    [
      "a directory that is a submodule",
      { hello: { mode: "160000", oid: "1".repeat(40) } },
      "hello is a submodule; put the recipe's files there themselves.",
    ],
    ["no such directory", { x: "1" }, "hello: there is no such file or directory."],
    ["no spec", { "hello/x": "1" }, "hello: there is no spec here."],
    [
      "two other specs",
      { "hello/x.spec": "1", "hello/y.spec": "1" },
      "hello: there are 2 specs here, none of this name.",
    ],
    [
      "a spec with a strange name",
      { "hello/a b.spec": SPEC },
      "hello/a b.spec: a spec's name is letters, digits and . _ + ~ ^ - and ends in .spec.",
    ],
    [
      "a missing source",
      { "hello/hello.spec": spec("Source0: gone.tgz") },
      "hello/hello.spec:4: Source0 is gone.tgz, which is neither beside the spec nor an address.",
    ],
    [
      "an unknown macro in an address",
      { "hello/hello.spec": spec("Source0: https://github.com/%{forge}/a") },
      "hello/hello.spec:4: Source0 is https://github.com/%{forge}/a, which cannot be known without running the spec; write the address out.",
    ],
    [
      "a shell in an address",
      { "hello/hello.spec": spec("Source0: %(id)/a") },
      "hello/hello.spec:4: Source0 is %(id)/a, which cannot be known without running the spec; write the address out.",
    ],
    [
      "two addresses with one name",
      { "hello/hello.spec": spec("Source0: https://github.com/a/x\nSource1: https://github.com/b/x") },
      "hello/hello.spec:5: https://github.com/a/x and https://github.com/b/x would both be called x.",
    ],
    [
      "a name with a line end",
      { ...HELLO, "hello/a\nb": "1" },
      "hello/a\\u{a}b: a name that cannot be a source; rename the file.",
    ],
    [
      "a name like an option",
      { ...HELLO, "hello/--to-command=id": "1" },
      "hello/--to-command=id: a name that cannot be a source; rename the file.",
    ],
    [
      "a name with a backslash",
      { ...HELLO, "hello/a\\b": "1" },
      "hello/a\\b: a name that cannot be a source; rename the file.",
    ],
    [
      "a name that writes backwards",
      { ...HELLO, "hello/a\u202eb": "1" },
      "hello/a\\u{202e}b: a name that cannot be a source; rename the file.",
    ],
    [
      "an address that ends in nothing",
      { "hello/hello.spec": spec("Source0: https://github.com/a/") },
      "hello/hello.spec:4: Source0 is an address whose last part cannot be a file's name.",
    ],
    [
      "a host that is not allowed",
      { "hello/hello.spec": spec("Source0: https://evil.example/a.tgz") },
      "hello/hello.spec:4: https://evil.example/a.tgz is not fetched: the host evil.example is not allowed here.",
    ],
    [
      "an address that is not there",
      { "hello/hello.spec": spec("Source0: https://github.com/a.tgz") },
      "hello/hello.spec:4: https://github.com/a.tgz answered HTTP 404.",
    ],
    [
      "a spec above the cap",
      { "hello/hello.spec": " ".repeat(1024 ** 2 + 1) },
      "hello/hello.spec:1: The spec is larger than 1 MiB and is not read.",
    ],
  ];
  test.each(rows)("%s", async (_, files, sentence) => {
    const head = at.repository.commit(files);
    expect(await failure({ head })).toMatchObject({ message: sentence, exit: 2, kind: "refused" });
    expect(at.bucket.order).toEqual([]);
  });

  test("files above 64 MiB", async () => {
    const head = at.repository.commit({ ...HELLO, "hello/big": "x".repeat(64 * 1024 ** 2) });
    const { message } = await failure({ head });
    expect(message).toMatch(/^The recipe's files are \d+ bytes; 67108864 may be. The largest is big\.$/);
  });
});

test("what the spec does not ask for and is no plain file stays behind", async () => {
  const extra = { "hello/link": { mode: "120000", text: "x" }, "hello/sub/x": "1", "hello/other.spec": "1" };
  await at.fetchIt({ head: at.repository.commit({ ...HELLO, ...extra }) });
  expect(await unpacked()).toMatchObject({
    specs: ["hello.spec"],
    sources: ["fix.patch", "hello-1.0.tar.gz"],
  });
});

test("a word changed in a README changes nothing, unless the spec asks for it", async () => {
  const papers = (word: string): Files => ({ "hello/README.md": word, "hello/CONTRIBUTING.md": word });
  const bundleOf = async (word: string, spec: string) => {
    await at.fetchIt({ head: at.repository.commit({ ...HELLO, ...papers(word), "hello/hello.spec": spec }) });
    return sha("sha256", uploaded("bundle.tar"));
  };
  const silent = await bundleOf("one", SPEC);
  expect((await unpacked()).sources).toEqual(["fix.patch", "hello-1.0.tar.gz"]);
  expect(await bundleOf("two", SPEC)).toBe(silent);
  const asking = `${SPEC}Source1: README.md\n`;
  const asked = await bundleOf("one", asking);
  expect((await unpacked()).sources).toEqual(["README.md", "fix.patch", "hello-1.0.tar.gz"]);
  expect(await bundleOf("two", asking)).not.toBe(asked);
});

test("the recipe may be named by its spec, also at the top", async () => {
  await at.fetchIt(
    { head: at.repository.commit({ "hello.spec": SPEC, "fix.patch": "x" }) },
    { path: "hello.spec" },
  );
  expect((await unpacked()).specs).toEqual(["hello.spec"]);
});

describe("checksums are held to", () => {
  test("those of a `sources` file", async () => {
    const sources = `SHA512 (hello-1.0.tar.gz) = ${sha("sha512", TARBALL)}\n${sha("sha256", "a fix\n")}  fix.patch\n`;
    await at.fetchIt({ head: at.repository.commit({ ...HELLO, "hello/sources": sources }) });
    expect(at.lines).toContain("hello-1.0.tar.gz has the sha512 that hello/sources:1 lists");
    expect(at.lines).toContain("fix.patch has the sha256 that hello/sources:2 lists");
  });

  test("and refuse another file with expected and got", async () => {
    const sources = `SHA512 (hello-1.0.tar.gz) = ${"0".repeat(128)}\n`;
    const error = await failure({ head: at.repository.commit({ ...HELLO, "hello/sources": sources }) });
    expect(error.message).toBe(
      `hello/sources:1: hello-1.0.tar.gz is not what was listed: sha512 expected ${"0".repeat(128)}, got ${sha("sha512", TARBALL)}.`,
    );
    expect(at.bucket.order).toEqual([]);
  });

  test("those of a sibling .sha256", async () => {
    const beside = { "hello/hello-1.0.tar.gz.sha256": `${"0".repeat(64)}\n` };
    const error = await failure({ head: at.repository.commit({ ...HELLO, ...beside }) });
    expect(error.message).toMatch(
      /^hello\/hello-1\.0\.tar\.gz\.sha256:1: .* expected 0{64}, got [0-9a-f]{64}\.$/,
    );
  });
});

test("a source whose digest is listed is left for the next stage, which asks nobody else for it", async () => {
  const sources = `SHA512 (hello-1.0.tar.gz) = ${sha("sha512", TARBALL)}\n`;
  const head = at.repository.commit({ ...HELLO, "hello/sources": sources });
  await at.fetchIt({ head });
  const bundle = uploaded("bundle.tar");
  const left = at.bucket.order
    .map((key) => key.slice("results/1/".length))
    .filter((key) => key.startsWith("source-"));
  const [name = ""] = left;
  expect(left).toHaveLength(1);
  expect(uploaded("SHA256SUMS").toString()).toContain(`${sha("sha256", TARBALL)}  ${name}\n`);
  at.web.routes.set("/lent", { body: uploaded(name) });
  const known = [{ name, sha256: sha("sha256", TARBALL), url: `${at.web.origin}/lent` }];
  await at.fetchIt({ head }, { known });
  expect(at.web.hits).toEqual(["/up/hello/archive/v1.0.tar.gz", "/lent"]);
  expect(uploaded("bundle.tar").equals(bundle)).toBe(true);
});

test("a directory with a _service that is a link is refused", async () => {
  const head = at.repository.commit({ ...HELLO, "hello/_service": { mode: "120000", text: "/etc/passwd" } });
  expect((await failure({ head })).message).toBe("hello/_service is a symlink; put the file itself there.");
});

test("what services make is in the bundle and told of, and paper stays behind", async () => {
  const service =
    '<services><service name="download_url"><param name="host">github.com</param><param name="path">/up/hello/archive/v1.0.tar.gz</param><param name="filename">hello-1.0.tar.gz</param></service><service name="set_version"/></services>';
  const spec = SPEC.replace("Version: 1.0", "Version: 0").replace(
    /^Source0.*$/m,
    "Source0: hello-%{version}.tar.gz",
  );
  const files = { ...HELLO, "hello/hello.spec": spec, "hello/_service": service, "hello/README.md": "read" };
  await at.fetchIt({ head: at.repository.commit(files) });
  expect((await unpacked()).sources).toEqual(["_service", "fix.patch", "hello-1.0.tar.gz"]);
  expect(uploaded("recipe.spec").toString()).toContain("Version: 1.0\n");
  expect(JSON.parse(uploaded("facts.json").toString())).toMatchObject({
    sources: [
      { file: "_service" },
      { file: "fix.patch" },
      {
        file: "hello-1.0.tar.gz",
        url: "https://github.com/up/hello/archive/v1.0.tar.gz",
        service: "_service:download_url:hello-1.0.tar.gz",
        sha256: sha("sha256", TARBALL),
      },
    ],
  });
});

test("downloads stay below their limit", async () => {
  const error = await failure({ head: at.repository.commit(HELLO) }, { bytes: 20 });
  expect(error.message).toBe("hello/hello.spec:4: The file is larger than 20 bytes.");
});

test("a bucket that is busy is asked again", async () => {
  at.bucket.failures.push(503, 503);
  await at.fetchIt({ head: at.repository.commit(HELLO) });
  expect(at.bucket.order).toHaveLength(4);
  expect(at.pauses).toEqual([1000, 4000]);
});

test("a repository with submodules elsewhere passes git's own checks", async () => {
  const submodules = '[submodule "up"]\n\tpath = up\n\turl = https://example.org/up.git\n';
  const other = { ".gitmodules": submodules, up: { mode: "160000", oid: "1".repeat(40) } };
  await at.fetchIt({ head: at.repository.commit({ ...HELLO, ...other }) });
  expect((await unpacked()).specs).toEqual(["hello.spec"]);
});
