import { expect, test } from "vitest";
import { openBundle } from "../../src/publish/dsse.ts";
import { world } from "./world.ts";

test("the program publishes, leaves its results and nothing in its temporary directory", async () => {
  await using it = await world();
  const ended = await it.stage([await it.offered("hello")]);
  expect(ended).toMatchObject({ code: 0, left: [] });
  const text = async (key: string) => Buffer.from((await it.blobs.get(key))?.value ?? []).toString();
  expect(JSON.parse(await text("results/published.json"))).toMatchObject({
    channel: "devel",
    targets: [{ target: "leap-15.6", snapshot: "000001", packages: [{ nevra: "hello-1.0-1.noarch" }] }],
  });
  expect(JSON.parse(await text("results/facts.json"))).toMatchObject({ "snapshot of leap-15.6": "000001" });
  expect(await text("results/SHA256SUMS")).toMatch(
    /^[0-9a-f]{64}  published\.json\n[0-9a-f]{64}  facts\.json\n$/,
  );
  expect(await text("mirror/acme/leap-15.6/mirrorlist")).toMatch(/\/leap-15\.6\/snapshots\/000001\/\n$/);
});

test("a release is announced on the mirror, and what it is made of goes with the results", async () => {
  await using it = await world();
  const release = { number: "20261121_02", sha: "a".repeat(40), branch: "main" };
  expect(await it.stage([await it.offered("hello")], undefined, { release })).toMatchObject({ code: 0 });
  const text = async (key: string) => Buffer.from((await it.blobs.get(key))?.value ?? []).toString();
  const told: unknown = JSON.parse(await text("results/release.json"));
  expect(told).toMatchObject({ release: "20261121_02", changes: [{ kind: "added", source: "hello" }] });
  expect(JSON.parse(await text("mirror/acme/releases/20261121_02/release.json"))).toEqual(told);
  const feed = await fetch(`${it.url}/releases.atom`);
  expect(feed.headers.get("content-type")).toBe("application/atom+xml");
  expect(await feed.text()).toContain("acme/os devel 20261121_02");
  expect(await text("mirror/acme/releases.ics.asc")).toContain("BEGIN PGP SIGNATURE");
});

test("the program signs where packages come from, with a key that KMS has for that", async () => {
  await using it = await world();
  const build = {
    buildDefinition: {
      buildType: "urn:millwright:build:rpm:v1",
      externalParameters: {},
      internalParameters: {},
      resolvedDependencies: [],
    },
    runDetails: {
      builder: { id: "https://millwright.example/builders/build-trusted-x86_64" },
      metadata: { invocationId: "1/push/main/abc#build/hello#1" },
    },
  };
  const builds = { "1/push/main/abc": { x86_64: build } };
  const attestation = { key: { id: await it.attests() }, ships: [{ id: await it.attests() }], builds };
  const ended = await it.stage([await it.offered("hello")], undefined, { attestation });
  expect(ended).toMatchObject({ code: 0, left: [] });
  const keys = await it.blobs.list("mirror/acme/");
  const read = async (ending: string) => {
    const key = keys.find((one) => one.key.endsWith(ending))?.key ?? "";
    return Buffer.from((await it.blobs.get(key))?.value ?? []);
  };
  const pem = (await read("/ATTESTATION-KEY-millwright.pem")).toString();
  expect(pem.match(/BEGIN PUBLIC KEY/g)).toHaveLength(2);
  expect(openBundle(pem, await read("/hello-1.0-1.noarch.rpm.sigstore.json"))).toMatchObject({
    subject: [{ name: "hello-1.0-1.noarch.rpm" }],
    predicate: { runDetails: { metadata: { invocationId: "1/push/main/abc#build/hello#1" } } },
  });
});

test("a refusal of the gate is exit 3 and one line that names package and rule", async () => {
  await using it = await world();
  const ended = await it.stage([{ ...(await it.offered("hello")), size: 1 }]);
  expect(ended).toMatchObject({ code: 3, left: [] });
  expect(ended.log).toMatch(
    /^millwright: refused: "hello-1\.0-1\.noarch\.rpm" is refused by the rule "digest": /m,
  );
});

test("a key that cannot be asked is exit 75 and a line that says so", async () => {
  await using it = await world();
  const offered = await it.offered("hello");
  await it.kms.close();
  const ended = await it.stage([offered]);
  expect(ended).toMatchObject({ code: 75, left: [] });
  expect(ended.log).toMatch(/^millwright: infrastructure: .*ECONNREFUSED/m);
});
