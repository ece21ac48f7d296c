import { appendFile, cp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { armored } from "../../src/publish/openpgp.ts";
import type { OpenPgpKey } from "../../src/publish/openpgp.ts";
import { publish } from "../../src/publish/publish.ts";
import type { Outcome } from "../../src/publish/publish.ts";
import type { Tools } from "../../src/publish/tools.ts";
import { dnfInstall, zypperInstall } from "../../src/local/clients.ts";
import type { Said } from "../../src/local/clients.ts";
import {
  AT,
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
  const { file, source } = await buildRpm(place.dir, { name: NAME, version: "1.0+git~rc1^2", epoch: 3 });
  const packages = await Promise.all(
    [file, source].map((file) => offer(server.url, { file, arch: "x86_64" })),
  );
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
    mirror,
    pointer: join(mirror, "leap-15.6/mirrorlist"),
    package: join(mirror, packagePath(outcome)),
    repodata: (name: string) => join(mirror, "leap-15.6/snapshots/000001/repodata", name),
    async [Symbol.asyncDispose]() {
      await served[Symbol.asyncDispose]();
      await place[Symbol.asyncDispose]();
    },
  };
}

function packagePath(outcome: Outcome): string {
  const path = outcome.kind === "published" && outcome.published.targets[0]?.packages.find(isBinary)?.path;
  if (!path) throw new Error(JSON.stringify(outcome));
  return path;
}

const isBinary = ({ nevra }: { readonly nevra: string }): boolean => !nevra.endsWith(".src");

async function flipLastByte(file: string): Promise<void> {
  const bytes = await readFile(file);
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
  await writeFile(file, bytes);
}

const CLIENTS = [
  { title: `dnf${lackOf("dnf")}`, client: dnfInstall, lack: lackOf("dnf") },
  { title: `zypper${lackOf("zypper")}`, client: zypperInstall, lack: lackOf("zypper") },
] as const;

interface Attack {
  readonly what: string;
  /** How it is published, where that is not as usual. */
  readonly changes?: () => Changes;
  readonly tamper?: (it: Awaited<ReturnType<typeof published>>) => Promise<void>;
  /** What dnf and zypper say of it: a refusal for another reason proves nothing. */
  readonly because: RegExp;
}

const ATTACKS: readonly Attack[] = [
  {
    what: "a package with one byte flipped",
    tamper: (it) => flipLastByte(it.package),
    because: /checksum doesn't match|digest: BAD/,
  },
  {
    what: "metadata with one byte flipped",
    async tamper(it) {
      const repomd = await readFile(it.repodata("repomd.xml"), "utf8");
      await flipLastByte(it.repodata(/repodata\/([0-9a-f]+-primary\.xml\.gz)/.exec(repomd)?.[1] ?? ""));
    },
    because: /checksum doesn't match|has wrong checksum/,
  },
  {
    what: "a repomd.xml that was changed after it was signed",
    tamper: (it) => appendFile(it.repodata("repomd.xml"), "\n"),
    because: /Bad GPG signature|Signature verification failed for repomd.xml/,
  },
  {
    what: "metadata that another key signed",
    async tamper(it) {
      const signature = await shelf.theirs.detach(await readFile(it.repodata("repomd.xml")), new Date(AT));
      await writeFile(it.repodata("repomd.xml.asc"), armored(signature));
    },
    because: /Bad GPG signature|signed with an unknown key/,
  },
  {
    what: "a pointer that leads to a mirror of another key",
    async tamper(it) {
      const place = await scratch();
      const served = await testMirror(join(place.dir, "mirror"));
      const manifest = manifestOf(served.url, shelf.packages);
      const tools = await testTools(place.dir);
      await publish({ manifest, mirror: served.mirror, key: shelf.theirs, tools, dir: place.dir });
      await cp(join(place.dir, "mirror"), join(it.mirror, "theirs"), { recursive: true });
      const pointer = (await readFile(it.pointer, "utf8")).replace("/leap", "/theirs/leap");
      await writeFile(it.pointer, pointer);
      await served[Symbol.asyncDispose]();
      await place[Symbol.asyncDispose]();
    },
    // zypper is shown the other key and rejects it, since nobody says otherwise.
    because: /Bad GPG signature|Do you want to reject the key/,
  },
  {
    what: "metadata without a signature",
    tamper: (it) => rm(it.repodata("repomd.xml.asc")),
    because: /GPG signature is not available|is unsigned/,
  },
  {
    what: "an unsigned package in a signed repository",
    changes: () => ({ without: ["rpmsign", "rpmkeys"] }),
    because: /is not signed/,
  },
  {
    what: "a package that another key signed in a repository that ours signed",
    changes: () => ({ key: headersBy(shelf.theirs), without: ["rpmkeys"] }),
    because: /Public key for .* is not installed|NOKEY/,
  },
];

/** Our key, but for the headers of packages, which begin with rpm's magic number. */
const headersBy = (other: OpenPgpKey): OpenPgpKey => ({
  ...shelf.ours,
  detach: (data, at) =>
    (RPM_HEADER.equals(data.subarray(0, RPM_HEADER.length)) ? other : shelf.ours).detach(data, at),
});

const RPM_HEADER = Buffer.from("8eade801", "hex");

describe.each(CLIENTS)("$title", ({ client, lack }) => {
  test.skipIf(lack)(
    "installs a package with plus signs in its name, following the pointer, with all checks on",
    async () => {
      await using it = await published();
      const said = await it.install(client);
      expect({ ...said, installed: await it.installed() }).toMatchObject({ code: 0, installed: "hello\n" });
    },
  );

  test.skipIf(lack).each(ATTACKS.map((attack) => [attack.what, attack] as const))(
    "refuses %s",
    async (_, { changes, tamper, because }) => {
      await using it = await published(changes?.());
      await tamper?.(it);
      const said = await it.install(client);
      expect(said.output).toMatch(because);
      expect(said.code).not.toBe(0);
      expect(await it.installed()).toBeUndefined();
    },
  );
});
