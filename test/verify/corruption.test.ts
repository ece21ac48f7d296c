import { assert, asyncProperty, constant, constantFrom, integer, record } from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cases } from "../fuzz.ts";
import { TARGET, faults, publishedMirror } from "./mirror.ts";
import type { PublishedMirror } from "./mirror.ts";

let it: PublishedMirror;
beforeAll(async () => {
  it = await publishedMirror();
  await it.add("world");
});
afterAll(() => it[Symbol.asyncDispose]());

/** Looks at the mirror while one object says something else. */
async function lookWith(path: string, change: (bytes: Buffer) => Buffer) {
  const was = await it.get(path);
  await it.put(path, change(Buffer.from(was)));
  try {
    return await it.look();
  } finally {
    await it.put(path, was);
  }
}

const flipped = (at: number, mask: number) => (bytes: Buffer) => {
  bytes[at] = (bytes[at] ?? 0) ^ mask;
  return bytes;
};

const CURRENT = `${TARGET}/snapshots/000002/`;

// What of a published mirror leads from the repository file to a package, and how a change in the middle of it is told.
const KINDS = [
  [/\.repo$/, "repo-file"],
  [/^RPM-GPG-KEY-/, /^(?:key|form) /m],
  [/\/mirrorlist$/, "pointer"],
  [/\/snapshot\.json$/, "signature"],
  [/\/snapshot\.json\.asc$/, /^(?:signature|form) /m],
  [/\/sbom\.cdx\.json$/, "signature"],
  [/\/sbom\.cdx\.json\.asc$/, /^(?:signature|form) /m],
  [/\/repomd\.xml$/, "signature"],
  [/\/repomd\.xml\.asc$/, /^(?:signature|form) /m],
  [/\/repomd\.xml\.key$/, "key"],
  [/-primary\.xml\.gz$/, "content"],
  [/-filelists\.xml\.gz$/, "content"],
  [/-other\.xml\.gz$/, "content"],
  [/\/packages\.jsonl\.gz$/, "content"],
  [/\.rpm$/, "content"],
] as const;

/** What publishers alone read. */
const INNER = "moves.json";

const shown = async () =>
  (await it.paths()).filter((path) => path !== INNER && !path.includes("/snapshots/000001/"));

test("a mirror that nobody touched is good, and all of it was looked at", async () => {
  const { verdict, targets, findings } = await it.look();
  expect(findings.map(({ kind }) => kind)).toEqual(["skipped"]);
  expect(verdict).toBe("good");
  expect(targets).toMatchObject([{ number: 2, read: 2, packages: [{ name: "hello" }, { name: "world" }] }]);
});

test("each kind of published file is known to these tests", async () => {
  const paths = await shown();
  expect(paths.filter((path) => KINDS.filter(([kind]) => kind.test(path)).length !== 1)).toEqual([]);
});

test.each(KINDS)("a flipped byte in %s is found and named", async (kind, rule) => {
  const path = (await shown()).find((one) => kind.test(one)) ?? "";
  const size = (await it.get(path)).length;
  const report = await lookWith(path, flipped(Math.floor(size / 2), 2));
  expect(report.verdict).not.toBe("good");
  const named = path.replace(/\.asc$/, "").replaceAll(/[0-9a-f]{64}/g, "SHA");
  expect(faults(report, it.url).join("\n")).toMatch(rule);
  expect(faults(report, it.url).some((fault) => fault.includes(named))).toBe(true);
});

test.each(KINDS)("a truncated %s is found", async (kind) => {
  const path = (await shown()).find((one) => kind.test(one)) ?? "";
  const report = await lookWith(path, (bytes) => bytes.subarray(0, -1));
  expect(report.verdict).toBe("wrong");
});

test("a file of the snapshot that is not there is named", async () => {
  for (const path of (await shown()).filter((one) => one.startsWith(CURRENT) || one.endsWith(".rpm"))) {
    const was = await it.get(path);
    await it.remove(path);
    const report = await it.look();
    await it.put(path, was);
    expect(faults(report, it.url)).toContain(`missing ${path.replaceAll(/[0-9a-f]{64}/g, "SHA")}`);
  }
});

test("whichever byte is changed in whatever the pointer leads to, it is found", async () => {
  const sizes = await Promise.all(
    (await shown())
      .filter((path) => path !== `${TARGET}/mirrorlist`)
      .map(async (path) => ({ path, size: (await it.get(path)).length })),
  );
  const place = constantFrom(...sizes).chain(({ path, size }) =>
    record({
      path: constant(path),
      at: integer({ min: 0, max: size - 1 }),
      mask: integer({ min: 1, max: 255 }),
    }),
  );
  await assert(
    asyncProperty(place, async ({ path, at, mask }) => {
      expect((await lookWith(path, flipped(at, mask))).verdict).not.toBe("good");
    }),
    { numRuns: Math.ceil(cases() / 50) },
  );
}, 300_000);
