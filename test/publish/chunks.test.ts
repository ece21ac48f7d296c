import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { dnfInstall, zypperInstall } from "../../src/local/clients.ts";
import { CHUNK } from "../../src/publish/merge.ts";
import { publish } from "../../src/publish/publish.ts";
import { lackOf, manifestOf, offer, scratch, serve, testKey, testMirror, testTools } from "./kit.ts";
import { buildMany } from "./many.ts";
import { readAsClient } from "./reader.ts";

/** A signed channel with more packages than a chunk holds: most came first, then one, and two of the first have gone. */
async function channelOfMany() {
  const place = await scratch();
  const shelf = await serve((path) => readFile(path).catch(() => undefined));
  const served = await testMirror(join(place.dir, "mirror"));
  const files = await buildMany(place.dir, CHUNK + 4, { installable: true });
  const offers = await Promise.all(files.map((file) => offer(shelf.url, { file, arch: "x86_64" })));
  const key = await testKey();
  const run = async (packages: typeof offers, withdraw: string[] = []) => {
    const dir = await mkdtemp(join(place.dir, "work-"));
    const targets = [{ target: "leap-15.6", packages, withdraw }];
    const manifest = manifestOf(served.url, [], { targets });
    return publish({ manifest, mirror: served.mirror, key, tools: await testTools(dir), dir });
  };
  const outcomes = [
    await run(offers.slice(1)),
    await run(offers.slice(0, 1), ["p1-1.0-1.noarch", "p100-1.0-1.noarch", "never-was-1-1.noarch"]),
  ];
  const keyFile = join(place.dir, "key.asc");
  await writeFile(keyFile, key.certificate);
  return {
    dir: place.dir,
    key,
    outcomes,
    target: `${served.url}/leap-15.6`,
    repoFile: join(place.dir, "mirror/os-devel-leap-15.6.repo"),
    keyFile,
    async [Symbol.asyncDispose]() {
      await served[Symbol.asyncDispose]();
      await shelf[Symbol.asyncDispose]();
      await place[Symbol.asyncDispose]();
    },
  };
}

let it: Awaited<ReturnType<typeof channelOfMany>>;
beforeAll(async () => {
  it = await channelOfMany();
});
afterAll(() => it[Symbol.asyncDispose]());

test("what is withdrawn is gone, what came is there, and asking to withdraw what never was does nothing", async () => {
  expect(it.outcomes.map(({ kind }) => kind)).toEqual(["published", "published"]);
  const { packages } = await readAsClient(it.target, { certificate: it.key.certificate, bodies: false });
  const names = packages.map(({ name }) => name);
  expect(names).toHaveLength(CHUNK + 2);
  expect(names).toContain("p0");
  expect(names).not.toContain("p1");
  expect(names).not.toContain("p100");
});

const CLIENTS = [
  { name: "dnf", client: dnfInstall },
  { name: "zypper", client: zypperInstall },
] as const;

for (const { name, client } of CLIENTS) {
  const lack = lackOf(name);
  test.skipIf(lack)(
    `${name} installs packages out of every chunk of the metadata, with all checks on${lack}`,
    async () => {
      const root = join(it.dir, name);
      const packages = ["p0", "p2", `p${CHUNK + 3}`];
      const said = await client({ root, repoFile: it.repoFile, keyFile: it.keyFile, packages });
      expect(said).toMatchObject({ code: 0 });
      for (const one of ["0", "2", String(CHUNK + 3)])
        expect(await readFile(join(root, "opt/many", one, "a <b>&"), "utf8")).toBe(`${one}\n`);
      const gone = await client({
        root: join(it.dir, `${name}-gone`),
        repoFile: it.repoFile,
        keyFile: it.keyFile,
        packages: ["p100"],
      });
      expect(gone.code).not.toBe(0);
    },
  );
}
