import { readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dnfInstall, zypperInstall } from "../../src/local/clients.ts";
import { settle } from "../../src/publish/moves.ts";
import { verifyDetached } from "../../src/publish/openpgp.ts";
import { seenFile } from "../../src/verify/seen-file.ts";
import { verify } from "../../src/verify/verify.ts";
import { channel, stockedShelf } from "./channel.ts";
import type { Shelf } from "./channel.ts";
import { lackOf, scratch } from "./kit.ts";

const NUMBER = "20261121_01";
const REPO = "os-devel-leap-15.6.repo";

let shelf: Shelf;
let it: Awaited<ReturnType<typeof channel>>;
beforeAll(async () => {
  shelf = await stockedShelf();
  it = await channel(shelf);
  const release = { number: NUMBER, sha: "a".repeat(40), branch: "main" };
  await it.run(["world"], { manifest: { release } });
}, 60_000);
afterAll(async () => {
  await it[Symbol.asyncDispose]();
  await shelf[Symbol.asyncDispose]();
});

/** Looks at the mirror, through `file` where that matters, and throws unless all is well. */
type Look = (file: string) => Promise<unknown>;

/** A client that installs into a fresh root, and trusts our key. */
const installing =
  (client: typeof dnfInstall): Look =>
  async () => {
    await using place = await scratch();
    const keyFile = join(place.dir, "key.asc");
    await writeFile(keyFile, it.key.certificate);
    const root = join(place.dir, "root");
    const said = await client({ root, repoFile: join(it.root, REPO), keyFile, packages: ["world"] });
    if (said.code !== 0) throw new Error(said.output);
  };

/** Our own verifier, from a repository file to every package. */
const verifying =
  (repoFile: string): Look =>
  async () => {
    const { fingerprint } = it.key;
    const net = { fetch, pause: async () => undefined, patience: 10_000 };
    const ports = { net, tools: undefined, dir: tmpdir(), seen: seenFile(undefined), now: Date.now };
    const report = await verify(ports, { address: `${it.url}/${repoFile}`, all: true, key: { fingerprint } });
    if (report.verdict !== "good") throw new Error(JSON.stringify(report.findings));
  };

/** `gpg --verify`, so to say. */
const signature: Look = async (file) => {
  const signed = join(it.root, file.replace(/\.asc$/, ""));
  const [bytes, armor] = await Promise.all([readFile(signed), readFile(`${signed}.asc`, "utf8")]);
  await verifyDetached(it.key.certificate, bytes, armor);
};

const LOOKS = {
  dnf: installing(dnfInstall),
  zypper: installing(zypperInstall),
  verify: verifying(REPO),
  "verify of the release": verifying(`releases/${NUMBER}/${REPO}`),
  signature,
  "the next publisher": () => settle(it.mirror),
} as const satisfies Readonly<Record<string, Look>>;
type Reader = keyof typeof LOOKS;

// Every file of a publication, and who refuses it with one byte flipped. Clients look at what they need: neither asks for
// `other`, and zypper asks for lists of files only when somebody wants a file.
const BOTH = ["dnf", "zypper", "verify"] as const;
const FILES: readonly (readonly [RegExp, readonly Reader[]])[] = [
  [/\/pool\/.*\.rpm$/, BOTH],
  [/^leap-15\.6\/mirrorlist$/, BOTH],
  [/\/repomd\.xml$/, BOTH],
  [/\/repomd\.xml\.asc$/, BOTH],
  [/-primary\.xml\.gz$/, BOTH],
  [/-filelists\.xml\.gz$/, ["dnf", "verify"]],
  [/-other\.xml\.gz$/, ["verify"]],
  [/\/repomd\.xml\.key$/, ["verify"]],
  [/\/snapshot\.json(?:\.asc)?$/, ["verify"]],
  [/\/packages\.jsonl\.gz$/, ["verify"]],
  [/^os-devel-leap-15\.6\.repo$/, ["verify"]],
  [/^RPM-GPG-KEY-millwright$/, ["verify"]],
  [/^releases\/.*\.repo$/, ["verify of the release"]],
  [/^releases\/.*\/RPM-GPG-KEY-millwright$/, ["verify of the release"]],
  [/^releases\/.*\/mirrorlist$/, ["verify of the release"]],
  [/\/sbom\.cdx\.json(?:\.asc)?$|^releases\/.*\.json(?:\.asc)?$/, ["signature"]],
  [/^(?:releases|stream)\.(?:json|atom|ics)(?:\.asc)?$/, ["signature"]],
  // Nobody reads them but publishers, which check them first.
  [/^signatures\/.*\.asc$/, []],
  [/^moves\.json$/, ["the next publisher"]],
];

test("each file of a publication is known to these tests, once, and all of them are there", async () => {
  const paths = Object.keys(await it.files());
  expect(paths.filter((path) => FILES.filter(([kind]) => kind.test(path)).length !== 1)).toEqual([]);
  expect(FILES.filter(([kind]) => !paths.some((path) => kind.test(path)))).toEqual([]);
});

/** The middle of a file is in the middle of what it says. */
async function flip(path: string): Promise<() => Promise<void>> {
  const file = join(it.root, path);
  const was = await readFile(file);
  const bytes = Buffer.from(was);
  const middle = Math.floor(bytes.length / 2);
  bytes[middle] = (bytes[middle] ?? 0) ^ 1;
  await writeFile(file, bytes);
  return () => writeFile(file, was);
}

/** Whether somebody refuses a file after this was done to it. */
async function refuses(reader: Reader, path: string): Promise<boolean> {
  const back = await flip(path);
  const refused = await LOOKS[reader](path).then(
    () => false,
    () => true,
  );
  await back();
  return refused;
}

const READERS = (Object.keys(LOOKS) as Reader[]).map((reader) => {
  const lack = reader === "dnf" || reader === "zypper" ? lackOf(reader) : "";
  const kinds = FILES.filter(([, readers]) => readers.includes(reader)).map(([kind]) => kind);
  return { reader, title: reader + lack, lack, kinds };
});

describe.each(READERS)("$title", ({ reader, lack, kinds }) => {
  test.skipIf(lack)("is content with what nobody touched", async () => {
    await expect(LOOKS[reader]("releases.json")).resolves.not.toThrow();
  });

  test.skipIf(lack).each(kinds)("refuses a flipped byte in %s", async (kind) => {
    for (const path of Object.keys(await it.files()).filter((path) => kind.test(path)))
      expect([path, await refuses(reader, path)]).toEqual([path, true]);
  });
});
