import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dnfInstall, zypperInstall } from "../../src/local/clients.ts";
import { openPgpKey, type OpenPgpKey } from "../../src/publish/openpgp.ts";
import { publish } from "../../src/publish/publish.ts";
import {
  buildRpm,
  IDENTITY,
  lackOf,
  manifestOf,
  type Offer,
  offer,
  scratch,
  serve,
  testKey,
  testMirror,
  testSigner,
  testTools,
} from "./kit.ts";

// A pull request's channel, as the clients of people see it: `greet` of two commits, of which the first had a `greet-devel`.
let shelf: {
  readonly place: Awaited<ReturnType<typeof scratch>>;
  readonly server: Awaited<ReturnType<typeof serve>>;
  readonly first: readonly Offer[];
  readonly second: readonly Offer[];
  readonly release: OpenPgpKey;
  readonly pulls: OpenPgpKey;
};

beforeAll(async () => {
  const place = await scratch();
  const server = await serve((path) => readFile(path).catch(() => undefined));
  const made = async (name: string, release: string): Promise<Offer> => {
    const { file } = await buildRpm(place.dir, { name, release, text: release });
    return offer(server.url, { file, arch: "x86_64" });
  };
  const pulls = await openPgpKey(testSigner(), { ...IDENTITY, email: "os-pulls@acme.invalid" });
  const first = [await made("greet", "1.pr7.ga"), await made("greet-devel", "1.pr7.ga")];
  const second = [await made("greet", "2.pr7.gb")];
  shelf = { place, server, first, second, release: await testKey(), pulls };
});
afterAll(async () => {
  await shelf.server[Symbol.asyncDispose]();
  await shelf.place[Symbol.asyncDispose]();
});

const TARGET = "leap-15.6";
const REPO = `os-pr-7-${TARGET}.repo`;
const OLD = ["greet-1.0-1.pr7.ga.noarch", "greet-devel-1.0-1.pr7.ga.noarch"];

/** The channel after the first commit was published, and whatever else. */
async function channel(after?: number) {
  const place = await scratch();
  const dir = join(place.dir, "mirror");
  const served = await testMirror(dir);
  const tools = await testTools(place.dir);
  const show = async (run: string, packages: readonly Offer[], withdraw: readonly string[] = []) => {
    const manifest = manifestOf(served.url, [], {
      run,
      channel: "pr/7",
      mirror: { bucket: "mirror", prefix: "acme/os/pr/7", url: served.url },
      targets: [{ target: TARGET, packages: [...packages], withdraw: [...withdraw], after }],
    });
    const work = await scratch();
    const outcome = await publish({
      manifest,
      mirror: served.mirror,
      key: shelf.pulls,
      tools,
      dir: work.dir,
    });
    await work[Symbol.asyncDispose]();
    return outcome;
  };
  const shown = await show("1/pull/7/a", shelf.first);
  let roots = 0;
  return {
    show,
    /** Into a fresh root that trusts this key alone. */
    async install(client: typeof dnfInstall, packages: readonly string[], key = shelf.pulls) {
      const root = join(place.dir, `root-${(roots += 1)}`);
      const keyFile = join(place.dir, "trusted.asc");
      await writeFile(keyFile, key.certificate);
      const said = await client({ root, repoFile: join(dir, REPO), keyFile, packages });
      const installed = await readFile(join(root, "opt/greet/text"), "utf8").catch(() => undefined);
      return { ...said, installed };
    },
    async package(name: string): Promise<string> {
      const [target] = shown.kind === "published" ? shown.published.targets : [];
      return join(dir, target?.packages.find((one) => one.name === name)?.path ?? "");
    },
    snapshots: () => readdir(join(dir, TARGET, "snapshots")),
    repoFile: () => readFile(join(dir, REPO), "utf8"),
    keyFile: () => readFile(join(dir, "RPM-GPG-KEY-millwright"), "utf8"),
    async [Symbol.asyncDispose]() {
      await served[Symbol.asyncDispose]();
      await place[Symbol.asyncDispose]();
    },
  };
}

test("the channel's own key file is the pull requests' key and not the release's", async () => {
  await using it = await channel();
  expect(await it.keyFile()).toBe(shelf.pulls.certificate);
  expect(shelf.pulls.fingerprint).not.toBe(shelf.release.fingerprint);
  expect(await it.repoFile()).toMatch(/gpgcheck=1\nrepo_gpgcheck=1\n/);
});

test("a channel that begins anew numbers its snapshots after those that it had before it went", async () => {
  await using it = await channel(7);
  await it.show("1/pull/7/b", shelf.second, OLD);
  expect((await it.snapshots()).toSorted()).toEqual(["000008", "000009"]);
});

const noKeys = lackOf("rpmkeys");
test.skipIf(noKeys)(
  `its packages are good by their own key alone, whoever brings them${noKeys}`,
  async () => {
    await using it = await channel();
    const check = async (key: OpenPgpKey): Promise<string> => {
      const place = await scratch();
      const tools = await testTools(place.dir);
      const [keyFile, db] = [join(place.dir, "key.asc"), join(place.dir, "db")];
      await writeFile(keyFile, key.certificate);
      await tools("rpmkeys", ["--dbpath", db, "--import", keyFile]);
      const options = ["--dbpath", db, "--define", "_pkgverify_level all", "--checksig"];
      const said = await tools("rpmkeys", [...options, await it.package("greet")]).catch(String);
      await place[Symbol.asyncDispose]();
      return said;
    };
    expect(await check(shelf.pulls)).toMatch(/digests signatures OK/);
    expect(await check(shelf.release)).toMatch(/Command failed: rpmkeys/);
  },
);

const CLIENTS = [
  { tool: "dnf", client: dnfInstall, refusal: /Bad GPG signature/, lacking: /No match for argument: greet/ },
  {
    tool: "zypper",
    client: zypperInstall,
    refusal: /Signature verification failed for repomd.xml/,
    lacking: /'greet(-devel)?' not found/,
  },
].map((one) => ({ ...one, title: `${one.tool}${lackOf(one.tool)}`, lack: lackOf(one.tool) !== "" }));

describe.each(CLIENTS)("$title", ({ client, lack, refusal, lacking }) => {
  test.skipIf(lack)("installs what the pull request built for who trusts its key", async () => {
    await using it = await channel();
    const said = await it.install(client, ["greet", "greet-devel"]);
    expect(said).toMatchObject({ code: 0, installed: "1.pr7.ga\n" });
  });

  test.skipIf(lack)("refuses it for who trusts the release's key alone", async () => {
    await using it = await channel();
    const said = await it.install(client, ["greet"], shelf.release);
    expect(said.output).toMatch(refusal);
    expect(said.code).not.toBe(0);
    expect(said.installed).toBeUndefined();
  });

  test.skipIf(lack)("finds what a later commit built, and nothing that only an earlier one did", async () => {
    await using it = await channel();
    await it.show("1/pull/7/b", shelf.second, OLD);
    expect(await it.install(client, ["greet"])).toMatchObject({ code: 0, installed: "2.pr7.gb\n" });
    const said = await it.install(client, ["greet-devel"]);
    expect(said.output).toMatch(lacking);
    expect(said.code).not.toBe(0);
  });

  test.skipIf(lack)("finds nothing where a later commit built nothing for its target any more", async () => {
    await using it = await channel();
    expect(await it.show("1/pull/7/b", [], OLD)).toMatchObject({
      kind: "published",
      published: { targets: [{ snapshot: "000002", packages: [] }] },
    });
    expect((await it.install(client, ["greet"])).output).toMatch(lacking);
  });
});
