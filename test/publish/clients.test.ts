import { access, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { armored } from "../../src/publish/openpgp.ts";
import type { OpenPgpKey } from "../../src/publish/openpgp.ts";
import { publish } from "../../src/publish/publish.ts";
import type { Outcome } from "../../src/publish/publish.ts";
import type { Tools } from "../../src/publish/tools.ts";
import { dnfInstall, zypperInstall } from "./clients.ts";
import type { Said } from "./clients.ts";
import { AT, buildRpm, manifestOf, offer, scratch, serve, testKey, testMirror, testTools } from "./kit.ts";
import type { Offer } from "./kit.ts";

const NAME = "hello++lib";

let shelf: {
  readonly place: Awaited<ReturnType<typeof scratch>>;
  readonly server: Awaited<ReturnType<typeof serve>>;
  readonly packages: Offer[];
  readonly ours: OpenPgpKey;
  readonly theirs: OpenPgpKey;
};

beforeAll(async () => {
  const place = await scratch();
  const server = await serve((path) => readFile(path).catch(() => undefined));
  const { file } = await buildRpm(place.dir, { name: NAME, version: "1.0+git~rc1^2", epoch: 3 });
  const packages = [await offer(server.url, { file, arch: "x86_64" })];
  shelf = { place, server, packages, ours: await testKey(), theirs: await testKey() };
});
afterAll(async () => {
  await shelf.server[Symbol.asyncDispose]();
  await shelf.place[Symbol.asyncDispose]();
});

interface Changes {
  readonly key?: OpenPgpKey;
  /** Takes these tools for done: what an attacker would not run either. */
  readonly without?: readonly string[];
}

/** A published channel, and a client with a fresh root that trusts our key alone. */
async function published({ key = shelf.ours, without = [] }: Changes = {}) {
  const place = await scratch();
  const mirror = join(place.dir, "mirror");
  const served = await testMirror(mirror);
  const real = await testTools(place.dir);
  const tools: Tools = async (tool, args) => (without.includes(tool) ? "" : real(tool, args));
  const manifest = manifestOf(served.url, shelf.packages);
  const outcome = await publish({ manifest, mirror: served.mirror, key, tools, dir: place.dir });
  const keyFile = join(place.dir, "trusted.asc");
  await writeFile(keyFile, shelf.ours.certificate);
  const root = join(place.dir, "root");
  return {
    install: (client: typeof dnfInstall): Promise<Said> =>
      client({ root, repoFile: join(mirror, "os-devel-leap-15.6.repo"), keyFile, packages: [NAME] }),
    installed: () => readFile(join(root, "opt", NAME, "text"), "utf8").catch(() => undefined),
    package: join(mirror, packagePath(outcome)),
    repodata: (name: string) => join(mirror, "leap-15.6/snapshots/000001/repodata", name),
    async [Symbol.asyncDispose]() {
      await served[Symbol.asyncDispose]();
      await place[Symbol.asyncDispose]();
    },
  };
}

function packagePath(outcome: Outcome): string {
  const path = outcome.kind === "published" && outcome.published.targets[0]?.packages[0]?.path;
  if (!path) throw new Error(JSON.stringify(outcome));
  return path;
}

async function flipLastByte(file: string): Promise<void> {
  const bytes = await readFile(file);
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
  await writeFile(file, bytes);
}

const CLIENTS = [
  { name: "dnf", client: dnfInstall },
  { name: "zypper", client: zypperInstall },
] as const;

describe.each(CLIENTS)("$name", ({ client }) => {
  test("installs a package with plus signs in its name, following the pointer, with all checks on", async () => {
    await using it = await published();
    const said = await it.install(client);
    expect(said).toMatchObject({ code: 0 });
    expect(await it.installed()).toBe("hello\n");
  });

  const refuses = async (it: Awaited<ReturnType<typeof published>>, because: RegExp): Promise<void> => {
    const said = await it.install(client);
    expect(said.output).toMatch(because);
    expect(said.code).not.toBe(0);
    expect(await it.installed()).toBeUndefined();
  };

  test("refuses a package with one byte flipped", async () => {
    await using it = await published();
    await flipLastByte(it.package);
    await refuses(it, /checksum doesn't match|digest: BAD/);
  });

  test("refuses metadata with one byte flipped", async () => {
    await using it = await published();
    const primary = /repodata\/([0-9a-f]+-primary\.xml\.gz)/.exec(
      await readFile(it.repodata("repomd.xml"), "utf8"),
    );
    await flipLastByte(it.repodata(primary?.[1] ?? ""));
    await refuses(it, /checksum doesn't match|has wrong checksum/);
  });

  test("refuses a repomd.xml that was changed after it was signed", async () => {
    await using it = await published();
    const file = it.repodata("repomd.xml");
    await writeFile(file, `${await readFile(file, "utf8")}\n`);
    await refuses(it, /Bad GPG signature|Signature verification failed for repomd.xml/);
  });

  test("refuses metadata that another key signed", async () => {
    await using it = await published();
    const repomd = await readFile(it.repodata("repomd.xml"));
    await writeFile(it.repodata("repomd.xml.asc"), armored(await shelf.theirs.detach(repomd, new Date(AT))));
    await refuses(it, /Bad GPG signature|signed with an unknown key/);
  });

  test("refuses metadata without a signature", async () => {
    await using it = await published();
    await rm(it.repodata("repomd.xml.asc"));
    await refuses(it, /GPG signature is not available|is unsigned/);
  });

  test("refuses an unsigned package in a signed repository", async () => {
    await using it = await published({ without: ["rpmsign", "rpmkeys"] });
    await access(it.package);
    await refuses(it, /is not signed/);
  });

  test("refuses a package that another key signed in a repository that ours signed", async () => {
    const HEADER = Buffer.from("8eade801", "hex");
    const key: OpenPgpKey = {
      ...shelf.ours,
      detach: (data, at) => (HEADER.equals(data.subarray(0, 4)) ? shelf.theirs : shelf.ours).detach(data, at),
    };
    await using it = await published({ key, without: ["rpmkeys"] });
    await refuses(it, /Public key for .* is not installed|NOKEY/);
  });
});
