import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Ajv } from "ajv";
import addFormats from "ajv-formats";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { licenceOf } from "../../src/publish/licence.ts";
import type { Mirror } from "../../src/publish/mirror.ts";
import { verifyDetached } from "../../src/publish/openpgp.ts";
import { sbom, together } from "../../src/publish/sbom.ts";
import type { Ingredient } from "../../src/publish/sbom.ts";
import { channel, POINTER, stockedShelf } from "./channel.ts";
import type { Shelf } from "./channel.ts";
import { offer } from "./kit.ts";

let shelf: Shelf;
beforeAll(async () => {
  shelf = await stockedShelf();
});
afterAll(() => shelf[Symbol.asyncDispose]());

/** CycloneDX's own schema, as its library carries it. Formats that it names and nobody here checks are let pass. */
const validate = (() => {
  const home = dirname(createRequire(import.meta.url).resolve("@cyclonedx/cyclonedx-library/package.json"));
  const schema = (name: string) =>
    JSON.parse(readFileSync(join(home, "res/schema", `${name}.SNAPSHOT.schema.json`), "utf8"));
  const ajv = new Ajv({ strict: false, formats: { "iri-reference": true, "idn-email": true } });
  addFormats.default(ajv);
  for (const name of ["spdx", "jsf-0.82", "cryptography-defs"])
    ajv.addSchema(schema(name), `http://cyclonedx.org/schema/${name}.SNAPSHOT.schema.json`);
  return ajv.compile(schema("bom-1.6"));
})();

function faultsIn(text: string): unknown {
  validate(JSON.parse(text));
  return validate.errors ?? [];
}

const hello: Ingredient = {
  package: {
    nevra: "hello-2:1.0-1.x86_64",
    sha256: "a".repeat(64),
    unsigned: "b".repeat(64),
    size: 9,
    name: "hello",
    file: "hello-1.0-1.x86_64.rpm",
    path: "pool/aa/x/hello-1.0-1.x86_64.rpm",
    run: "run",
  },
  header: {
    name: "hello",
    epoch: "2",
    version: "1.0",
    release: "1",
    arch: "x86_64",
    source: false,
    nosource: false,
    signatures: [],
  },
  licence: "Apache-2.0",
  sourceRpm: "hello-1.0-1.src.rpm",
};
const world: Ingredient = {
  ...hello,
  package: { ...hello.package, nevra: "world-1.0-1.src", name: "world", sha256: "c".repeat(64) },
  header: { ...hello.header, name: "world", epoch: "0", source: true },
  licence: "Beerware, or so",
  sourceRpm: "",
};
const delivery = {
  repo: "acme/os",
  channel: "nightly",
  target: "opensuse-leap-15.6",
  run: "1/nightly/20261121_01",
  release: "20261121_01",
  at: "2026-11-21T02:00:00.000Z",
  ingredients: [world, hello],
};

test("a list is valid, says what was delivered, and is the same each time", () => {
  const text = sbom(delivery).toString();
  expect(faultsIn(text)).toEqual([]);
  expect(
    sbom({ ...delivery, ingredients: [hello, world] })
      .toString()
      .replace(/urn:uuid.*/, ""),
  ).toBe(text.replace(/urn:uuid.*/, ""));
  expect(sbom(delivery).toString()).toBe(text);
  expect(JSON.parse(text)).toMatchObject({
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    serialNumber: expect.stringMatching(/^urn:uuid:[0-9a-f-]{36}$/),
    metadata: {
      timestamp: "2026-11-21T02:00:00.000Z",
      component: { name: "acme/os nightly opensuse-leap-15.6", version: "20261121_01" },
    },
    components: [
      {
        name: "hello",
        version: "1.0-1",
        purl: "pkg:rpm/opensuse/hello@1.0-1?arch=x86_64&distro=opensuse-leap-15.6&epoch=2",
        hashes: [{ alg: "SHA-256", content: "a".repeat(64) }],
        licenses: [{ license: { id: "Apache-2.0" } }],
        properties: [
          { name: "millwright:sha256-as-built", value: "b".repeat(64) },
          { name: "millwright:sourcerpm", value: "hello-1.0-1.src.rpm" },
        ],
      },
      {
        purl: "pkg:rpm/opensuse/world@1.0-1?arch=src&distro=opensuse-leap-15.6",
        licenses: [{ license: { name: "Beerware, or so" } }],
      },
    ],
  });
});

test("another run, target or package gives another serial number", () => {
  const serial = (changes: Partial<typeof delivery>) =>
    (JSON.parse(sbom({ ...delivery, ...changes }).toString()) as { serialNumber: string }).serialNumber;
  const all = [{}, { run: "2" }, { target: "debian-12" }, { ingredients: [hello] }].map(serial);
  expect(new Set(all).size).toBe(all.length);
});

test("what comes late makes the next version of a list; what was in it already makes none", () => {
  const first = sbom({ ...delivery, ingredients: [hello] });
  const late = sbom({ ...delivery, ingredients: [hello, world] });
  const both = together(first, late).toString();
  expect(faultsIn(both)).toEqual([]);
  const { serialNumber } = JSON.parse(first.toString()) as { serialNumber: string };
  expect(JSON.parse(both)).toMatchObject({
    version: 2,
    serialNumber,
    components: [{ name: "hello" }, { name: "world" }],
  });
  expect(together(Buffer.from(both), late).toString()).toBe(both);
});

describe("a licence is", () => {
  test.each([
    ["MIT", "SpdxLicense"],
    ["GPL-2.0-or-later AND (MIT OR Apache-2.0)", "LicenseExpression"],
    ["GPL-2.0-only WITH Classpath-exception-2.0", "LicenseExpression"],
    ["(MIT OR GPL-2.0+)", "LicenseExpression"],
    ["GPLv2+ and MIT", "NamedLicense"],
    ["MIT OR", "NamedLicense"],
    ["(MIT", "NamedLicense"],
    ["MIT)", "NamedLicense"],
    ["MIT Apache-2.0", "NamedLicense"],
    ["MIT WITH Apache-2.0", "NamedLicense"],
    ["MIT AND Classpath-exception-2.0", "NamedLicense"],
    ["Public Domain <b>", "NamedLicense"],
  ])("%s: %s", (text, kind) => {
    const licence = licenceOf(text);
    expect(licence.constructor.name).toBe(kind);
    expect(faultsIn(sbom({ ...delivery, ingredients: [{ ...hello, licence: text }] }).toString())).toEqual(
      [],
    );
  });
});

const NEAR = "leap-15.6/snapshots/000001/sbom.cdx.json";

test("beside a snapshot lies the signed list of what came with it, with licences from the headers", async () => {
  await using it = await channel(shelf);
  const source = await offer(shelf.url, { file: shelf.built.hello.source, arch: "x86_64" });
  await it.run([], { offers: [source, await shelf.offered("hello"), await shelf.offered("plus")] });
  const text = await it.text(NEAR);
  await verifyDetached(it.key.certificate, Buffer.from(text), await it.text(`${NEAR}.asc`));
  expect(faultsIn(text)).toEqual([]);
  const { components } = JSON.parse(text) as { components: readonly object[] };
  expect(components).toMatchObject([
    { purl: "pkg:rpm/leap/c%2B%2Blib@1.0+git~rc1-1?arch=noarch&distro=leap-15.6&epoch=2" },
    { purl: expect.stringContaining("arch=src"), licenses: [{ license: { id: "Apache-2.0" } }] },
    { properties: [{}, { name: "millwright:sourcerpm", value: "hello-1.0-1.src.rpm" }] },
  ]);
  await it.run(["world"]);
  expect(await it.text(NEAR)).toBe(text);
  expect(await it.text(NEAR.replace("000001", "000002"))).toContain('"world"');
});

test("a release has its list at an address of its own", async () => {
  await using it = await channel(shelf);
  const release = { number: "20260304_01", sha: "a".repeat(40), branch: "main" };
  await it.run(["hello"], { manifest: { release } });
  const path = "releases/20260304_01/leap-15.6.cdx.json";
  expect(await it.text(path)).toBe(await it.text(NEAR));
  await verifyDetached(it.key.certificate, Buffer.from(await it.text(path)), await it.text(`${path}.asc`));
});

test.each(["sbom.cdx.json", "sbom.cdx.json.asc"])(
  "the pointer does not move while clients cannot read %s",
  async (lost) => {
    await using it = await channel(shelf);
    const through = (mirror: Mirror): Mirror => ({
      ...mirror,
      create: async (key, body) => key.endsWith(lost) || mirror.create(key, body),
    });
    await expect(it.run(["hello"], { through })).rejects.toThrow("answers 404");
    expect(await it.mirror.get(POINTER)).toBeUndefined();
  },
);
