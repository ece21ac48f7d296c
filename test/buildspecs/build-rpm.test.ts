import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { buildRoot } from "../../src/local/distribution/build-root.ts";
import { CACHE, whyNoRoot } from "../local/distribution/cache.ts";
import { bundleDir, EPOCH, SMALL } from "./bundle-dir.ts";
import { inRoot, readBuildspec, scriptIn, runBuildspec } from "./run-buildspec.ts";
import { standInStore, type StandInStore } from "./stand-in-store.ts";

const FIXTURES = join(import.meta.dirname, "../fixtures");
const FORM = [
  ["key", "results/1/pull/7/abc/build/1/${filename}"],
  ["policy", "eyJ9=="],
  ["x-amz-meta", "@/etc/passwd; type=text/html"],
] as const;

const skipped = whyNoRoot("curl");

const scriptOf = async (): Promise<string> =>
  scriptIn((await readBuildspec()).phases["install"]?.commands[0] ?? "") ?? "";

describe.skipIf(skipped)(`${skipped ?? ""}the build stage in a converted root`, { timeout: 60_000 }, () => {
  let root: string;
  let dir: string;
  let work: string;
  let store: StandInStore;

  beforeAll(async () => {
    root = (await buildRoot({ arch: "x86_64", dir: CACHE, log: () => undefined })).path;
  }, 600_000);

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), "build-rpm-"));
    work = join(dir, "work");
    await mkdir(work);
    store = await standInStore();
    return async () => {
      store.close();
      await rm(dir, { recursive: true });
    };
  });

  interface Recipe {
    readonly spec: string;
    readonly name?: string;
    readonly files?: Readonly<Record<string, string>>;
  }

  /** Puts a bundle of the recipe and of greet's sources into the store, and a manifest for it. */
  async function offer(recipe: Recipe, changes: Readonly<Record<string, string>> = {}): Promise<string> {
    const name = recipe.name ?? "greet.spec";
    await bundleDir(join(dir, "bundle"), { ...recipe, name });
    const bundle = execFileSync("tar", ["-C", join(dir, "bundle"), "-cf", "-", "SPECS", "SOURCES"]);
    store.objects.set("/bundle.tar?a=1&b={x}[1-9]", [bundle]);
    const words = {
      job: "1/pull/7/abc#build#1",
      bundle: `${store.url}/bundle.tar?a=1&b={x}[1-9]`,
      sha256: createHash("sha256").update(bundle).digest("hex"),
      spec: name,
      suffix: ".20260302.pr7.abc",
      epoch: EPOCH,
      arch: "x86_64",
      upload: `${store.url}/store`,
      ...changes,
    };
    const lines = [...Object.entries(words), ...FORM.map(([name, value]) => ["field", `${name} ${value}`])];
    store.objects.set("/manifest", [lines.map((line) => `${line.join(" ")}\n`).join("")]);
    return `${store.url}/manifest`;
  }

  const greet = (): Promise<string> => readFile(join(FIXTURES, "packaging/greet.spec"), "utf8");
  const run = (manifest: string, env = {}) => runBuildspec({ root, work, manifest, env });

  test("uploads exactly what rpmbuild makes by hand, and then the sums", async () => {
    const manifest = await offer({ spec: await greet() });
    store.objects.get("/manifest")?.unshift(503);
    const { status, log } = await run(manifest);
    expect(log).toContain("uploaded SHA256SUMS");
    expect(status).toBe(0);
    expect(log).toMatch(
      /^build root: "debian-\d+ x86_64: \d+ packages converted from Debian, digest [0-9a-f]{12}"/m,
    );

    const byHand = join(dir, "by-hand");
    await mkdir(byHand);
    const spec = (await greet()).replace(
      "Release:        1%{?dist}",
      "Release:        1%{?dist}.20260302.pr7.abc",
    );
    await bundleDir(join(byHand, "rpmbuild"), { spec, name: "greet.spec" });
    const hand = await inRoot({ root, work: byHand, env: { SOURCE_DATE_EPOCH: EPOCH, LC_ALL: "C.UTF-8" } }, [
      "rpmbuild",
      "--define=_topdir /build/rpmbuild",
      "-ba",
      "rpmbuild/SPECS/greet.spec",
    ]);
    expect(hand.log).toContain("Wrote: /build/rpmbuild/SRPMS/");
    const made = await rpmsBelow(join(byHand, "rpmbuild"));

    expect(made.size).toBe(3);
    expect([...made.keys()]).toContain("greet-devel-1.0.0-1.deb12.20260302.pr7.abc.x86_64.rpm");
    const sent = new Map(store.uploads.map(({ name, content }) => [name, sha256(content)]));
    expect(store.uploads.at(-1)?.name).toBe("SHA256SUMS");
    const papers = ["build-root.tsv", "contents.tsv", "facts.json"] as const;
    const all = [...made, ...papers.map((name) => [name, sent.get(name)] as const)];
    expect(store.uploads.at(-1)?.content.toString()).toBe(
      all.map(([name, digest]) => `${digest}  ${name}\n`).join(""),
    );
    for (const name of ["SHA256SUMS", ...papers]) sent.delete(name);
    expect(new Map([...sent].toSorted(byName))).toEqual(made);
    expect(store.uploads.map(({ fields }) => fields)).toEqual(
      store.uploads.map(() => Object.fromEntries(FORM)),
    );
  });

  test("a suffix of - leaves the spec as it is", async () => {
    const { status, log } = await run(await offer({ spec: SMALL() }, { suffix: "-" }));
    expect(log).toContain("uploaded SHA256SUMS");
    expect(status).toBe(0);
    expect(store.uploads.map(({ name }) => name)).toEqual([
      "small-1-1.noarch.rpm",
      "small-1-1.src.rpm",
      "build-root.tsv",
      "contents.tsv",
      "facts.json",
      "SHA256SUMS",
    ]);
  });

  const left = (name: string): string =>
    store.uploads.findLast((one) => one.name === name)?.content.toString() ?? "";

  test("what is in the packages is listed, and is the same with a suffix and without one", async () => {
    const spec = (await greet()).replace("%description", "%debug_package\n%description");
    const listed: string[] = [];
    for (const suffix of [".20261121_01.gabcdef0", "-"]) {
      expect((await run(await offer({ spec }, { suffix }))).log).toContain("uploaded contents.tsv");
      listed.push(left("contents.tsv"));
      for (const made of [work, join(dir, "bundle")]) await rm(made, { recursive: true });
      await mkdir(work);
    }
    const [tested = "", shipped] = listed;
    expect(shipped).toBe(tested);
    const [binary, source] = ["greet-1.0.0-1.deb12.x86_64", "greet-1.0.0-1.deb12.src"];
    const lines = tested.split("\n");
    const file = `${binary}\tfile\t/usr/bin/greet\t100755 root:root `;
    expect(lines.find((line) => line.startsWith(file))).toMatch(/ [0-9]+ [0-9a-f]{64} /);
    expect(lines).toContain(`${binary}\tprovides\tgreet\t= 1.0.0-1.deb12`);
    expect(lines).toContainEqual(expect.stringMatching(`^${binary}\tscripts\t\t[0-9a-f]{64}$`));
    expect(lines).toContainEqual(expect.stringMatching(/^greet-debuginfo-.*\tfile\t\/usr\/lib\/debug\//));
    expect(lines).toContainEqual(expect.stringMatching(`^${source}\tfile\tgreet-1.0.0.tar.gz\t`));
    expect(tested).not.toContain("greet.spec");
  });

  test("what it was built with is listed: the packages of the root, and the script", async () => {
    const { log } = await run(await offer({ spec: SMALL() }));
    expect(log).toContain("uploaded build-root.tsv");
    expect(left("build-root.tsv")).toMatch(/^package\tgcc-12-0:[^\t]+\.x86_64\t[0-9a-f]{64}$/m);
    expect(JSON.parse(left("facts.json"))).toEqual({ script: sha256(Buffer.from(await scriptOf())) });
    expect(left("SHA256SUMS")).not.toContain("repositories.tsv");
  });

  test("BuildRequires that the root does not have are refused by name, and nothing is uploaded", async () => {
    const { status, log } = await run(
      await offer({
        spec: SMALL("BuildRequires: gcc\nBuildRequires: make >= 99\nBuildRequires: unheard-of-devel"),
      }),
    );
    expect(status).toBe(11);
    expect(log).toContain("make >= 99 is needed by small");
    expect(log).toContain("unheard-of-devel is needed by small");
    expect(log).not.toContain("gcc is needed");
    expect(store.uploads).toEqual([]);
  });

  test.for([
    { manager: "dnf", asked: ["--assumeyes", "builddep", "/build/rpmbuild/SPECS/greet.spec"] },
    {
      manager: "zypper",
      asked: ["--non-interactive", "install", "--no-recommends", "--", "unheard-of-devel >= 2"],
    },
  ])("$manager of a root that has it is asked once for what is missing", async ({ manager, asked }) => {
    await mkdir(join(work, "bin"));
    const program = join(work, "bin", manager);
    await writeFile(program, `#!/bin/bash\nprintf '%s\\n' "$@" >> /build/asked\n`, { mode: 0o755 });
    const manifest = await offer({ spec: SMALL("BuildRequires: unheard-of-devel >= 2") });
    const { status, log } = await run(manifest, { PATH: "/build/bin:/usr/bin:/usr/sbin" });
    expect(log).toContain("unheard-of-devel >= 2 is needed by small");
    expect(status).toBe(11);
    expect((await readFile(join(work, "asked"), "utf8")).trimEnd().split("\n")).toEqual(asked);
  });

  test("a failing test suite fails the build, and nothing is uploaded", async () => {
    const { status, log } = await run(
      await offer({ spec: `${SMALL()}\n%check\necho the sum is wrong; exit 3\n` }),
    );
    expect(status).toBe(1);
    expect(log).toContain("the sum is wrong");
    expect(log).not.toContain("millwright: infrastructure:");
    expect(store.uploads).toEqual([]);
  });

  test("a bundle that is not the promised one is trouble of ours", async () => {
    const { status, log } = await run(await offer({ spec: SMALL() }, { sha256: "0".repeat(64) }));
    expect({ status, log }).toEqual({
      status: 75,
      log: expect.stringMatching(
        /^millwright: infrastructure: the bundle is not the one that was promised$/m,
      ),
    });
  });

  test("a root of another architecture is trouble of ours", async () => {
    const { status, log } = await run(await offer({ spec: SMALL() }, { arch: "s390x" }));
    expect({ status, log }).toEqual({
      status: 75,
      log: expect.stringMatching(/^millwright: infrastructure: this root is not s390x$/m),
    });
  });

  test("an upload that the store keeps refusing is trouble of ours", async () => {
    const manifest = await offer({ spec: SMALL() });
    store.accept = 403;
    const { status, log } = await run(manifest);
    expect({ status, log }).toEqual({
      status: 75,
      log: expect.stringMatching(/^millwright: infrastructure: \S+\.rpm cannot be uploaded$/m),
    });
  });

  test("a manifest that cannot be fetched is trouble of ours", async () => {
    const { status, log } = await run(`${store.url}/gone`);
    expect(status).toBe(75);
    expect(log).toMatch(/^millwright: infrastructure: the manifest cannot be fetched$/m);
  });

  test("names of specs and sources are no commands", async () => {
    const name = `$(touch canary) \`touch canary\`;touch canary&'"*?<>|.spec`;
    const files = { "; touch canary #": "", "$(touch canary)": "", "-n\ntouch canary": "", "--help": "" };
    const { status, log } = await run(await offer({ spec: SMALL(), name, files }));
    expect(log).toContain("uploaded SHA256SUMS");
    expect(status).toBe(0);
    expect(store.uploads.at(-1)?.name).toBe("SHA256SUMS");
    expect(await readdir(work)).not.toContain("canary");
  });

  // Words that bash, sed, find, rpm or curl would act upon if they were ever taken for more than text.
  const HOSTILE =
    "$(touch${IFS}/build/canary)`touch${IFS}/build/canary`;{touch,/build/canary};a[$(touch${IFS}/build/canary)]%(touch${IFS}/build/canary)'\"*";

  test.for(["suffix", "epoch", "sha256", "arch", "spec"])(
    "commands in the manifest's %s are refused as a wrong value",
    async (word) => {
      const { status } = await run(await offer({ spec: SMALL() }, { [word]: HOSTILE }));
      expect(status).not.toBe(0);
      expect(store.uploads).toEqual([]);
      expect(await readdir(work)).not.toContain("canary");
    },
  );

  test("commands in addresses and form fields are sent as they are", async () => {
    const changes = { job: HOSTILE, upload: `${store.url}/store?${HOSTILE}`, field: `hostile ${HOSTILE}` };
    const { status, log } = await run(await offer({ spec: SMALL() }, changes));
    expect(log).toContain("uploaded SHA256SUMS");
    expect(status).toBe(0);
    expect(store.uploads[0]?.fields).toEqual({ hostile: HOSTILE, ...Object.fromEntries(FORM) });
    expect(await readdir(work)).not.toContain("canary");
  });
});

async function rpmsBelow(dir: string): Promise<ReadonlyMap<string, string>> {
  const files = (await readdir(dir, { recursive: true })).filter((file) => file.endsWith(".rpm"));
  const digests = files.map(
    async (file) => [file.replace(/.*\//, ""), sha256(await readFile(join(dir, file)))] as const,
  );
  return new Map((await Promise.all(digests)).toSorted(byName));
}

const byName = (a: readonly [string, string], b: readonly [string, string]): number => (a[0] < b[0] ? -1 : 1);

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
