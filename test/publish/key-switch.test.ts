import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dnfInstall, zypperInstall } from "../../src/local/clients.ts";
import { withOthers } from "../../src/publish/key-ring.ts";
import { armored, certificatesIn, openPgpKey, verifyDetached } from "../../src/publish/openpgp.ts";
import { publish } from "../../src/publish/publish.ts";
import { KEY_FILE } from "../../src/publish/repo-file.ts";
import { seenFile } from "../../src/verify/seen-file.ts";
import { verify } from "../../src/verify/verify.ts";
import { buildRpm, IDENTITY, lackOf, manifestOf, offer, scratch, serve } from "./kit.ts";
import { testMirror, testSigner, testTools } from "./kit.ts";
import { readAsClient } from "./reader.ts";

const BEFORE = "2026-09-30T12:00:00Z";
const AFTER = "2026-10-01T12:00:00Z";

let world: Awaited<ReturnType<typeof switched>>;
beforeAll(async () => {
  world = await switched();
}, 120_000);
afterAll(() => world.end());

/** A channel that one key signed, and whose clients were given the next one, and that the next one signs by now. */
async function switched() {
  const place = await scratch();
  const shelf = await serve((path) => readFile(path).catch(() => undefined));
  const served = await testMirror(join(place.dir, "mirror"));
  const dates = { expires: new Date("2030-01-01T00:00:00Z") };
  const old = await openPgpKey(testSigner(), { ...IDENTITY, ...dates });
  const next = await openPgpKey(testSigner(), { ...IDENTITY, name: "Acme OS, next", ...dates });
  const bring = async (name: string, at: string, key: typeof old) => {
    const { file } = await buildRpm(place.dir, { name });
    const manifest = manifestOf(served.url, [await offer(shelf.url, { file, arch: "x86_64" })], { at });
    const run = `1/push/main/${name}`;
    const outcome = await publish({
      manifest: { ...manifest, run },
      mirror: served.mirror,
      key,
      tools: await testTools(join(place.dir, name)),
      dir: join(place.dir, name),
    });
    expect(outcome).toMatchObject({ kind: "published" });
    return readFile(join(place.dir, "mirror", KEY_FILE), "utf8");
  };
  const url = `${served.url}/leap-15.6`;
  /** What somebody sees who has looked before, and remembers it there. */
  const look = (seen: string) =>
    verify(
      {
        net: { fetch, pause, patience: 30_000 },
        tools: undefined,
        dir: place.dir,
        seen: seenFile(seen),
        now: Date.now,
      },
      { address: url, all: false },
    );
  const [often, once] = [join(place.dir, "often.json"), join(place.dir, "once.json")];
  const onlyOld = await bring("first", BEFORE, old);
  const looks = [await look(often)];
  await look(once);
  const both = await bring("early", BEFORE, withOthers(old, [next]));
  looks.push(await look(often));
  const after = await bring("late", AFTER, withOthers(next, [old]));
  looks.push(await look(often));
  let roots = 0;
  return {
    url,
    looks,
    stale: await look(once),
    old,
    next,
    keys: { onlyOld, both, after },
    /** A fresh client that trusts this key file and no other. */
    async install(client: typeof dnfInstall, keys: string, packages: readonly string[]) {
      roots += 1;
      const root = join(place.dir, `root-${roots}`);
      const keyFile = join(place.dir, `trusted-${roots}.asc`);
      await writeFile(keyFile, keys);
      const repoFile = join(place.dir, "mirror", "os-devel-leap-15.6.repo");
      const { code, output } = await client({ root, repoFile, keyFile, packages });
      const there = packages.map((name) =>
        readFile(join(root, "opt", name, "text"), "utf8").catch(() => undefined),
      );
      return { code, output, installed: (await Promise.all(there)).filter((text) => text !== undefined) };
    },
    async end() {
      await served[Symbol.asyncDispose]();
      await shelf[Symbol.asyncDispose]();
      await place[Symbol.asyncDispose]();
    },
  };
}

test("the key file has the key that signs first, and the other one too", () => {
  const { old, next, keys } = world;
  expect(keys.onlyOld).toBe(old.certificate);
  expect(certificatesIn(keys.both)).toEqual([old.certificate, next.certificate]);
  expect(certificatesIn(keys.after)).toEqual([next.certificate, old.certificate]);
});

describe.each([
  { title: `dnf${lackOf("dnf")}`, client: dnfInstall, lack: lackOf("dnf") },
  { title: `zypper${lackOf("zypper")}`, client: zypperInstall, lack: lackOf("zypper") },
])("$title", ({ client, lack }) => {
  test.skipIf(lack)(
    "installs what both keys signed, with no more than the key file of before the switch",
    async () => {
      const said = await world.install(client, world.keys.both, ["early", "late"]);
      expect(said).toMatchObject({ code: 0, installed: ["hello\n", "hello\n"] });
    },
  );

  test.skipIf(lack)("that was never given the next key refuses what that signed", async () => {
    const said = await world.install(client, world.keys.onlyOld, ["late"]);
    expect(said.output).toMatch(/Bad GPG signature|reject the key, trust temporarily/);
    expect(said.installed).toEqual([]);
    expect(said.code).not.toBe(0);
  });
});

test("a stranger finds the mirror whole by the new key file, and by the one of before", async () => {
  for (const certificate of [world.keys.after, world.keys.both]) {
    const { packages } = await readAsClient(world.url, { certificate });
    expect(packages.map(({ name }) => name).toSorted()).toEqual(["early", "first", "late"]);
  }
});

test("who looks at the mirror while the next key is given to clients trusts it from then on", () => {
  const told = world.looks.map(({ verdict, findings }) => [
    verdict,
    ...findings.filter(({ kind }) => kind !== "skipped").map(({ rule }) => rule),
  ]);
  expect(told).toEqual([["good", "key"], ["good"], ["good"]]);
});

test("who has not looked since does not: nobody that it knows vouched for the next key", () => {
  expect(world.stale.verdict).toBe("wrong");
  expect(world.stale.findings.map(({ rule }) => rule)).toContain("signature");
});

test("a signature is believed by any of several keys, and by none that is not among them", async () => {
  const { old, next, keys } = world;
  const data = Buffer.from("what is signed");
  const signature = armored(await next.detach(data, new Date(AFTER)));
  await verifyDetached(keys.both, data, signature);
  await expect(verifyDetached(old.certificate, data, signature)).rejects.toThrow(
    "Could not find signing key",
  );
});
