import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Mirror } from "../../src/publish/mirror.ts";
import { meanwhile } from "./meanwhile.ts";
import { POINTER, channel, stockedShelf } from "./channel.ts";
import type { Shelf } from "./channel.ts";
import { offer } from "./kit.ts";

let shelf: Shelf;
beforeAll(async () => {
  shelf = await stockedShelf();
});
afterAll(() => shelf[Symbol.asyncDispose]());

const offered: Shelf["offered"] = (name, changes) => shelf.offered(name, changes);

test("the first publication brings packages, metadata, key, repository file and a pointer to snapshot 000001", async () => {
  await using it = await channel(shelf);
  const outcome = await it.run(["hello", "plus"]);
  const [hello, plus] = [await offered("hello"), await offered("plus")];
  expect(outcome).toMatchObject({
    kind: "published",
    published: {
      channel: "devel",
      key: { fingerprint: it.key.fingerprint },
      targets: [
        {
          target: "leap-15.6",
          snapshot: "000001",
          url: `${it.url}/leap-15.6/snapshots/000001/`,
          repo: `${it.url}/os-devel-leap-15.6.repo`,
          packages: [
            { nevra: "c++lib-2:1.0+git~rc1-1.noarch", name: "c++lib", unsigned: plus.sha256 },
            { nevra: "hello-1.0-1.x86_64", file: "hello-1.0-1.x86_64.rpm", unsigned: hello.sha256 },
          ],
        },
      ],
    },
  });
  expect(await it.text(POINTER)).toBe(`${it.url}/leap-15.6/snapshots/000001/\n`);
  expect(await it.text("RPM-GPG-KEY-millwright")).toBe(it.key.certificate);
  expect(await it.text("os-devel-leap-15.6.repo")).toContain(`mirrorlist=${it.url}/${POINTER}\n`);
  const paths = Object.keys(await it.files()).map((path) => path.replaceAll(/[0-9a-f]{64}/g, "SHA"));
  expect(paths.map((path) => path.replace(/pool\/../, "pool/XX"))).toEqual(
    expect.arrayContaining([
      "leap-15.6/pool/XX/SHA/c__lib-1.0_git_rc1-1.noarch.rpm",
      "leap-15.6/pool/XX/SHA/hello-1.0-1.x86_64.rpm",
      "leap-15.6/snapshots/000001/repodata/SHA-primary.xml.gz",
      "leap-15.6/snapshots/000001/repodata/repomd.xml",
      "leap-15.6/snapshots/000001/repodata/repomd.xml.asc",
      "leap-15.6/snapshots/000001/repodata/repomd.xml.key",
      "leap-15.6/snapshots/000001/sbom.cdx.json",
      "leap-15.6/snapshots/000001/sbom.cdx.json.asc",
      "leap-15.6/snapshots/000001/snapshot.json",
      "leap-15.6/snapshots/000001/snapshot.json.asc",
    ]),
  );
});

test("a later publication adds to what is there, and leaves the earlier snapshot as it was", async () => {
  await using it = await channel(shelf);
  await it.run(["hello"]);
  const before = await it.files();
  await it.run(["world", "plus"]);
  expect(await it.listed()).toEqual(["c++lib", "hello", "world"]);
  const { [POINTER]: was, ...lasting } = before;
  const now = await it.files();
  expect(now).toMatchObject(lasting);
  expect(now[POINTER]).toBe(was?.replace("000001", "000002"));
});

test("metadata that was added to says of every package what metadata made from all of them says", async () => {
  await using grown = await channel(shelf);
  await grown.run(["hello"]);
  await grown.run(["plus"]);
  await grown.run(["world"]);
  await using whole = await channel(shelf);
  await whole.run(["hello", "plus", "world"]);
  const described = async (it: typeof grown, snapshot: string) =>
    Object.entries(await it.files())
      .filter(([path]) => path.startsWith(`leap-15.6/snapshots/${snapshot}/`) && path.endsWith(".xml.gz"))
      .map(([, bytes]) => gunzipSync(Buffer.from(bytes, "latin1")).toString())
      .flatMap((text): string[] => text.split(/(?<=<\/package>\n)|(?=<package )/))
      .toSorted();
  expect(await described(grown, "000003")).toEqual(await described(whole, "000001"));
});

test("publishing the same again changes nothing and tells the same", async () => {
  await using it = await channel(shelf);
  const first = await it.run(["hello", "plus"]);
  const before = await it.files();
  expect(await it.run(["hello", "plus"])).toEqual(first);
  expect(await it.files()).toEqual(before);
});

test("the time that metadata tells grows, also when an older record is published later", async () => {
  await using it = await channel(shelf);
  await it.run(["hello"]);
  await it.run(["world"], { manifest: { at: "2026-02-01T00:00:00Z" } });
  const revision = async (snapshot: string) =>
    Number(/<revision>(\d+)/.exec(await it.text(`leap-15.6/snapshots/${snapshot}/repodata/repomd.xml`))?.[1]);
  expect(await revision("000002")).toBe((await revision("000001")) + 1);
});

test("a refusal names package and rule and leaves the mirror untouched, in all targets", async () => {
  await using it = await channel(shelf);
  await it.run(["hello"]);
  const before = await it.files();
  const refused = await it.run([], {
    manifest: {
      targets: [
        { target: "tumbleweed", packages: [await offered("world")] },
        { target: "leap-15.6", packages: [await offered("rebuilt")] },
      ],
    },
  });
  expect(refused).toEqual({
    kind: "refused",
    sentences: [
      'leap-15.6: "hello-1.0-1.x86_64.rpm" is refused by the rule "not-taken": the channel has hello-1.0-1.x86_64 with other content; raise its release.',
      "Nothing has changed for clients of tumbleweed, leap-15.6.",
    ],
  });
  expect(await it.files()).toEqual(before);
});

test("a package that has changed since it was recorded is refused", async () => {
  await using it = await channel(shelf);
  const offers = [await offered("hello", { sha256: "0".repeat(64) }), await offered("world", { size: 5 })];
  const refused = await it.run([], { offers });
  expect(refused).toMatchObject({
    kind: "refused",
    sentences: [/"digest".*/, /"digest".*/].map((it) => expect.stringMatching(it)),
  });
  expect(await it.files()).toEqual({});
});

test("a source package is published beside the binary ones", async () => {
  await using it = await channel(shelf);
  const offers = [await offer(shelf.url, { file: shelf.built.hello.source, arch: "x86_64" })];
  expect(await it.run([], { offers })).toMatchObject({
    published: { targets: [{ packages: [{ nevra: "hello-1.0-1.src", file: "hello-1.0-1.src.rpm" }] }] },
  });
});

describe("two publishers of one target", () => {
  test.each([{ known: [] }, { known: ["hello"] }] as const)(
    "bring both their packages, none twice, when $known was there",
    async ({ known }) => {
      await using it = await channel(shelf);
      if (known.length > 0) await it.run(known);
      const other = () => it.run(["plus"], { manifest: { run: "another run" } });
      const outcome = await it.run(["world"], { through: meanwhile(other) });
      expect(await it.listed()).toEqual(["c++lib", ...known, "world"]);
      expect(outcome).toMatchObject({ published: { targets: [{ packages: [{ name: "world" }] }] } });
    },
  );

  test("with the same package bring it once", async () => {
    await using it = await channel(shelf);
    await it.run(["world"], {
      through: meanwhile(() => it.run(["world"], { manifest: { run: "another" } })),
    });
    expect(await it.listed()).toEqual(["world"]);
  });

  test("with different files of one NEVRA: the later one is refused", async () => {
    await using it = await channel(shelf);
    const outcome = await it.run(["rebuilt"], { through: meanwhile(() => it.run(["hello"])) });
    expect(outcome).toMatchObject({ kind: "refused", sentences: [expect.stringContaining('"not-taken"')] });
    expect(await it.listed()).toEqual(["hello"]);
  });
});

test("a number that somebody has taken for something else is passed over", async () => {
  await using it = await channel(shelf);
  await it.mirror.put("leap-15.6/snapshots/000001/snapshot.json", Buffer.from("{}"));
  expect(await it.run(["hello"])).toMatchObject({ published: { targets: [{ snapshot: "000002" }] } });
});

test.each([/\.rpm$/, /primary/, /repomd\.xml$/, /repomd\.xml\.asc$/])(
  "the pointer stays where it is when clients cannot read %s",
  async (lost) => {
    await using it = await channel(shelf);
    await it.run(["hello"]);
    const through = (mirror: Mirror): Mirror => ({
      ...mirror,
      create: async (key, body) => lost.test(key) || mirror.create(key, body),
    });
    await expect(it.run(["world"], { through })).rejects.toThrow("answers 404");
    expect(await it.listed()).toEqual(["hello"]);
  },
);

test("the pointer stays where it is when clients read another package than was written", async () => {
  await using it = await channel(shelf);
  const through = (mirror: Mirror): Mirror => ({
    ...mirror,
    create: (key, body) => mirror.create(key, key.endsWith(".rpm") ? Buffer.from("else") : body),
  });
  await expect(it.run(["world"], { through })).rejects.toThrow("is not the package that was put there");
  expect(await it.mirror.get(POINTER)).toBeUndefined();
});

test("a snapshot that our key did not sign is not built upon", async () => {
  await using it = await channel(shelf);
  await it.run(["hello"]);
  const record = "leap-15.6/snapshots/000001/snapshot.json";
  await it.mirror.put(record, Buffer.from((await it.text(record)).replace('"base":0', '"base":7')));
  await expect(it.run(["world"])).rejects.toThrow("Signed digest did not match");
});
