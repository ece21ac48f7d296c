import { afterAll, beforeAll, expect, test } from "vitest";
import type { Release } from "../../../src/publish/manifest.ts";
import { channel, type Shelf, stockedShelf } from "../channel.ts";
import { buildRpm, offer, scratch } from "../kit.ts";

let shelf: Shelf;
beforeAll(async () => {
  shelf = await stockedShelf();
});
afterAll(() => shelf[Symbol.asyncDispose]());

const told = (number: string, changes: Partial<Release> = {}) => ({
  at: `${number.slice(0, 4)}-${number.slice(4, 6)}-${number.slice(6, 8)}T05:00:00Z`,
  run: `1/promotion/devel/${number}`,
  release: {
    number,
    sha: "a".repeat(40),
    branch: "main",
    from: "nightly",
    asked: "promotion",
    ...changes,
  } as const,
});

const WRITTEN = `* Wed Nov 18 2026 Maria Doe <maria@example.org>
- Fixed "this" & <that>, not ]]> or \`those\`
* Tue Nov 17 2026 Joe <joe@example.org>
- Older`;

test("a publication without a number is told of nowhere", async () => {
  await using it = await channel(shelf);
  expect(await it.run(["hello"])).not.toHaveProperty("release");
  expect(Object.keys(await it.files()).filter((path) => path.startsWith("releases"))).toEqual([]);
});

test("a release is told with its packages as they were signed, and what their packagers wrote", async () => {
  await using it = await channel(shelf);
  await it.run(["hello"], { manifest: told("20261120_01") });
  await using place = await scratch();
  const greet = await buildRpm(place.dir, {
    name: "greet",
    arch: "x86_64",
    version: "1.1",
    changelog: WRITTEN,
  });
  const offers = [
    await offer(shelf.url, { file: greet.file, arch: "x86_64" }),
    await offer(shelf.url, { file: greet.source, arch: "x86_64" }),
  ];
  const outcome = await it.run([], { offers, manifest: told("20261121_02") });
  if (outcome.kind !== "published") throw new Error(outcome.sentences.join());
  expect(outcome.release).toMatchObject({
    release: "20261121_02",
    repository: "acme/os",
    previous: "20261120_01",
    changes: [
      {
        kind: "added",
        source: "greet",
        to: "1.1-1",
        changelog: [
          {
            day: "2026-11-18",
            author: "Maria Doe <maria@example.org>",
            text: '- Fixed "this" & <that>, not ]]> or `those`',
          },
        ],
      },
      { kind: "removed", source: "hello", from: "1.0-1" },
    ],
  });
  const packages = outcome.release?.targets[0]?.packages ?? [];
  expect(packages.map(({ name, arch, version, source }) => [name, arch, version, source])).toEqual([
    ["greet", "src", "1.1-1", "greet"],
    ["greet", "x86_64", "1.1-1", "greet"],
  ]);
  const published = new Map(outcome.published.targets[0]?.packages.map((one) => [one.sha256, one.path]));
  for (const { sha256, location } of packages) expect(location).toBe(`${it.url}/${published.get(sha256)}`);
  expect(await it.text("releases.atom")).toContain("greet 1.1-1 is new");
  for (const path of addressesIn(await it.text("stream.json"))) expect((await fetch(path)).status).toBe(200);
});

test("a release that is published again is told with the same bytes", async () => {
  await using it = await channel(shelf);
  const first = await it.run(["hello", "plus"], { manifest: told("20261121_02") });
  const before = await it.files();
  expect(await it.run(["hello", "plus"], { manifest: told("20261121_02") })).toEqual(first);
  expect(await it.files()).toEqual(before);
});

test("nothing is published where what was told before is not ours", async () => {
  await using it = await channel(shelf);
  await it.run(["hello"], { manifest: told("20261120_01") });
  const before = await it.files();
  await it.mirror.put("releases.json", Buffer.from("{}"));
  await expect(it.run(["world"], { manifest: told("20261121_02") })).rejects.toThrow(
    "releases.json on the mirror is not signed by us.",
  );
  expect(await it.files()).toEqual({ ...before, "releases.json": "{}" });
});

test("going back brings what the older release had, under its new number", async () => {
  await using it = await channel(shelf);
  await it.run(["hello"], { manifest: told("20261120_01") });
  await it.run(["world"], { manifest: told("20261121_02") });
  const back = await it.run([], {
    manifest: {
      ...told("20261122_01", { of: "20261120_01", asked: "rollback" }),
      targets: [{ target: "leap-15.6", restore: 1, packages: [] }],
    },
  });
  expect(back).toMatchObject({
    release: {
      release: "20261122_01",
      "rollback-to": "20261120_01",
      changes: [
        { kind: "added", source: "hello" },
        { kind: "removed", source: "world" },
      ],
    },
  });
  expect(await it.text("releases.atom")).toContain("20261121_02, rolled back");
});

/** All that a program would fetch next. */
const addressesIn = (text: string): readonly string[] =>
  [...text.matchAll(/"(http[^"]+[^/])"/g)].map(([, address = ""]) => address);
