import { expect, test } from "vitest";
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
