import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { packCpio } from "../../../src/source/services/cpio.ts";
import { digest, shapesOf, tarball } from "./shapes.ts";
import { openVillage, type Village } from "./village.ts";

// `_service` files as people have them, each run against real upstreams on this machine.
const DIR = join(import.meta.dirname, "../../fixtures/services");

let village: Village;
let tgz: Buffer;
let cpio: Buffer;

beforeAll(async () => {
  village = await openVillage();
  tgz = await tarball();
  for (const path of ["/hello-1.0.tar.gz", "/archive/v1.0.tar.gz?a=b"])
    village.web.routes.set(path, { body: tgz });
  const refs = "info/refs?service=git-upload-pack";
  const location = `https://git.example/hello.git/${refs}`;
  village.web.routes.set(`/moved.git/${refs}`, { status: 301, headers: { location } });
  const dir = await mkdtemp(join(village.root, "cpio-"));
  await mkdir(join(dir, "hello-1.2.3"));
  await writeFile(join(dir, "hello-1.2.3/README.md"), "hello\n");
  await packCpio(dir, "hello-1.2.3", { into: join(dir, "it"), mtime: 0 });
  cpio = await readFile(join(dir, "it"));
});
afterAll(() => village.close());

const fixture = async (name: string): Promise<string> =>
  (await readFile(join(DIR, `${name}.xml`), "utf8"))
    .replace("SHA512", digest("sha512", "key\n"))
    .replace("SHA256", digest("sha256", tgz));
const listed = (path: string): readonly string[] =>
  execFileSync("tar", ["-taf", path]).toString().trim().split("\n");

describe("files of the shapes that people write", () => {
  const empty = Buffer.alloc(0);
  const rows = shapesOf(empty, empty).map(([name, expected], at) => {
    const outcome =
      typeof expected === "string" ? "is refused" : `makes ${expected.made.join(", ") || "no file"}`;
    return [name, outcome, at] as const;
  });

  test.concurrent.each(rows)("%s %s", async (name, _, at) => {
    const [, expected, given] = shapesOf(tgz, cpio)[at] ?? ["", ""];
    const sentence = typeof expected === "string" ? expected : "nothing";
    const outcome = await village.run(await fixture(name), given).then(
      ({ made, spec }) => ({ made, version: /^Version: +(.*)$/m.exec(spec)?.[1] }),
      ({ message }: Error) => (message.includes(sentence) ? expected : message),
    );
    const wanted = typeof expected === "string" ? expected : { version: "0", ...expected };
    expect(outcome).toEqual(wanted);
  });

  test("there are many, and none is forgotten", async () => {
    const files = (await readdir(DIR)).map((name) => name.slice(0, -".xml".length));
    expect(new Set(rows.map(([name]) => name))).toEqual(new Set(files));
    expect(files.length).toBeGreaterThan(30);
  });
});

test("a tarball holds what was asked for, under one directory", async () => {
  const include = await village.run(await fixture("tar-scm-include-exclude"));
  expect(listed(join(include.dir, "SOURCES/hello-1.0.tar"))).toEqual([
    "hello-1.0/",
    "hello-1.0/docs/",
    "hello-1.0/docs/guide.md",
    "hello-1.0/src/",
    "hello-1.0/src/main.c",
  ]);
  const subdir = await village.run(await fixture("obs-scm-subdir"));
  expect(listed(join(subdir.dir, "SOURCES/hello-1.0.tar.xz"))).toEqual([
    "hello-1.0/",
    "hello-1.0/main.c",
    "hello-1.0/run.sh",
  ]);
  const nested = await village.run(await fixture("obs-scm-submodules"));
  expect(listed(join(nested.dir, "SOURCES/hello-1.tar.xz"))).toContain("hello-1/ext/lib/lib.h");
});

test("two runs give the same bytes, with the time of the commit", async () => {
  const both = [await fixture("obs-scm-release"), await fixture("obs-scm-release")];
  const [one, two] = await Promise.all(both.map((text) => village.run(text)));
  const [first, second] = await Promise.all([one, two].map((run) => run!.read("hello-1.2.3.tar.xz")));
  expect(first).toEqual(second);
  const verbose = execFileSync("tar", ["-tvf", join(one!.dir, "SOURCES/hello-1.2.3.tar.xz")], {
    env: { ...process.env, TZ: "UTC" },
  });
  expect(verbose.toString()).toMatch(/^drwxr-xr-x 0\/0 +0 2023-11-14 22:13 hello-1.2.3\/$/m);
});

test("it is told where files are from, and what OBS would call them", async () => {
  const { outputs, read } = await village.run(await fixture("obs-scm-stays-cpio"));
  const from = { url: "https://git.example/hello.git", commit: village.shas.first };
  expect(outputs).toEqual([
    { file: "hello-1.0.obscpio", name: "_service:obs_scm:hello-1.0.obscpio", ...from },
    { file: "hello.obsinfo", name: "_service:obs_scm:hello.obsinfo", ...from },
  ]);
  expect((await read("hello.obsinfo")).toString()).toBe(
    `name: hello\nversion: 1.0\nmtime: 1700000000\ncommit: ${village.shas.first}\n`,
  );
  const plain = await village.run(await fixture("tar-scm-include-exclude"));
  expect(plain.outputs.map(({ name }) => name)).toEqual(["hello-1.0.tar"]);
});

test("what only updates run is noted where it is wrong, and never run", async () => {
  const { lines } = await village.run(await fixture("disabled-download"));
  expect(lines).toEqual(['note: hello/_service:7: There is no service "cargo_audit" here.']);
});

test("a branch is said to be a branch", async () => {
  const { lines } = await village.run(await fixture("obs-scm-time-version"));
  expect(lines).toContain(
    `https://git.example/hello.git is taken at ${village.shas.third}, where it stands today`,
  );
});
