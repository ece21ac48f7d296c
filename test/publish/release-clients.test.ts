import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dnfInstall, zypperInstall } from "../../src/local/clients.ts";
import type { Manifest } from "../../src/publish/manifest.ts";
import { publish } from "../../src/publish/publish.ts";
import { dnfGoesBack, zypperGoesBack } from "./going-back.ts";
import {
  buildRpm,
  lackOf,
  manifestOf,
  offer,
  scratch,
  serve,
  testKey,
  testMirror,
  testTools,
} from "./kit.ts";

const TARGET = "leap-15.6";
const FILE = `os-devel-${TARGET}.repo`;
const [OLD, NEW, BACK] = ["20261121_01", "20261122_01", "20261123_01"] as const;

/** A channel that got `greet` 1.0 with one release and 2.0 with the next; `goBack` brings the first one's content again. */
async function twoReleases() {
  const place = await scratch();
  const shelf = await serve((path) => readFile(path).catch(() => undefined));
  const mirror = join(place.dir, "mirror");
  const served = await testMirror(mirror);
  const key = await testKey();
  const keyFile = join(place.dir, "key.asc");
  await writeFile(keyFile, key.certificate);
  const release = async (number: string, what: Omit<Manifest["targets"][number], "target">) => {
    const work = await scratch();
    const manifest = manifestOf(served.url, [], {
      run: `run of ${number}`,
      release: { number, sha: "a".repeat(40), branch: "main" },
      targets: [{ target: TARGET, ...what }],
    });
    const desk = { manifest, mirror: served.mirror, key, tools: await testTools(work.dir), dir: work.dir };
    expect(await publish(desk)).toMatchObject({ kind: "published" });
    await work[Symbol.asyncDispose]();
  };
  const bring = async (number: string, version: string) => {
    const { file } = await buildRpm(place.dir, { name: "greet", version, text: version });
    await release(number, { packages: [await offer(shelf.url, { file, arch: "x86_64" })] });
  };
  await bring(OLD, "1.0");
  await bring(NEW, "2.0");
  let dirs = 0;
  const from = (path: string) => join(mirror, path);
  const greeting = (root: string) => readFile(join(root, "opt/greet/text"), "utf8");
  return {
    goBack: () => release(BACK, { packages: [], restore: 1 }),
    /** Installs into a fresh root, from the channel or from one of its releases. */
    async install(client: typeof dnfInstall, path: string) {
      const root = join(place.dir, `root-${(dirs += 1)}`);
      const said = await client({ root, repoFile: from(path), keyFile, packages: ["greet"] });
      expect(said).toMatchObject({ code: 0 });
      return { root, greeting: await greeting(root) };
    },
    async follow(goesBack: typeof dnfGoesBack, root: string): Promise<string> {
      const dir = join(place.dir, `step-${(dirs += 1)}`);
      expect(await goesBack({ dir, root, repoFile: from(FILE), keyFile })).toMatchObject({ code: 0 });
      return greeting(root);
    },
    async [Symbol.asyncDispose]() {
      await served[Symbol.asyncDispose]();
      await shelf[Symbol.asyncDispose]();
      await place[Symbol.asyncDispose]();
    },
  };
}

let it: Awaited<ReturnType<typeof twoReleases>>;
beforeAll(async () => {
  it = await twoReleases();
}, 60_000);
afterAll(() => it[Symbol.asyncDispose]());

const CLIENTS = [
  { tool: "dnf", client: dnfInstall, goesBack: dnfGoesBack, how: "dnf distro-sync" },
  { tool: "zypper", client: zypperInstall, goesBack: zypperGoesBack, how: "zypper dup --allow-downgrade" },
].map((one) => ({ ...one, title: `${one.tool}${lackOf(one.tool)}`, lack: lackOf(one.tool) !== "" }));

const roots = new Map<string, string>();

describe.each(CLIENTS)("$title, before the channel goes back", ({ tool, client, lack }) => {
  test.skipIf(lack)(
    "installs the newest from the channel, and the old one from the old release's file",
    async () => {
      const newest = await it.install(client, FILE);
      roots.set(tool, newest.root);
      expect(newest.greeting).toBe("2.0\n");
      expect((await it.install(client, `releases/${OLD}/${FILE}`)).greeting).toBe("1.0\n");
    },
  );
});

describe.each(CLIENTS)("$title, after the channel went back", ({ tool, client, goesBack, how, lack }) => {
  beforeAll(() => it.goBack());

  test.skipIf(lack)(
    `installs the old one from the channel; who has the newer one goes back by ${how}`,
    async () => {
      expect((await it.install(client, FILE)).greeting).toBe("1.0\n");
      expect(await it.follow(goesBack, roots.get(tool) ?? "")).toBe("1.0\n");
    },
  );

  test.skipIf(lack)("installs from each release's file what that release brought", async () => {
    for (const [number, version] of [
      [OLD, "1.0"],
      [NEW, "2.0"],
      [BACK, "1.0"],
    ] as const)
      expect((await it.install(client, `releases/${number}/${FILE}`)).greeting).toBe(`${version}\n`);
  });
});
