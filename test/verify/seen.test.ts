import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { OpenPgpKey } from "../../src/publish/openpgp.ts";
import { openNotes } from "../../src/verify/finding.ts";
import { checkPackages } from "../../src/verify/packages.ts";
import { seenFile } from "../../src/verify/seen-file.ts";
import { lackOf, testKey } from "../publish/kit.ts";
import { TARGET, faults, publishedMirror } from "./mirror.ts";
import type { PublishedMirror } from "./mirror.ts";

let it: PublishedMirror;
let stranger: OpenPgpKey;
beforeAll(async () => {
  it = await publishedMirror();
  stranger = await testKey();
});
afterAll(() => it[Symbol.asyncDispose]());

const POINTER = `${TARGET}/mirrorlist`;
const NET = { fetch, pause: async () => undefined, patience: 10_000 };
const DAY = 86_400_000;
/** When the tests' content is published. */
const AT = Date.parse("2026-03-04T05:06:07Z");

test("another key than the pinned one is refused", async () => {
  const report = await it.look({ key: { fingerprint: stranger.fingerprint } });
  expect(report.verdict).toBe("wrong");
  expect(faults(report, it.url)).toEqual(["key RPM-GPG-KEY-millwright"]);
});

test("without a key the first is trusted, and it is said that nobody vouches for it", async () => {
  const report = await it.look({ key: undefined });
  expect(report.verdict).toBe("good");
  expect(report.findings).toContainEqual(expect.objectContaining({ kind: "note", rule: "key" }));
});

test("what is older than it may be is refused, and what is of today is not", async () => {
  const old = await it.look({ maxAge: 3 }, { now: () => AT + 4 * DAY });
  expect(faults(old, it.url)).toEqual([`age ${TARGET}/snapshots/000001/`]);
  expect((await it.look({ maxAge: 3 }, { now: () => AT + 2 * DAY })).verdict).toBe("good");
});

test("an address with nothing behind it could not be looked at", async () => {
  expect(await it.look({ address: `${it.url}/nowhere` })).toMatchObject({ verdict: "unseen", targets: [] });
  const report = await it.look({ address: "http://127.0.0.1:1/os.repo" });
  expect(report).toMatchObject({ verdict: "unseen", findings: [{ rule: "unreachable" }] });
});

test("a channel is looked at by the names of its targets, and a target by its address", async () => {
  expect(await it.look({ address: `${it.url}/`, targets: [TARGET] })).toMatchObject({
    verdict: "good",
    targets: [{ target: it.target }],
  });
  expect(await it.look({ address: it.target })).toMatchObject({ verdict: "good" });
});

test("of packages that are not drawn only the size is asked for, and a wrong one is found", async () => {
  const { targets } = await it.look();
  const packages = targets[0]?.packages ?? [];
  const path = `${TARGET}/${packages[0]?.path}`;
  const asked: string[] = [];
  const fetches = (url: string, options: RequestInit) => {
    asked.push(`${options.method} ${url}`);
    return fetch(url, options);
  };
  const sizes = async () => {
    const notes = openNotes();
    const bench = { net: { ...NET, fetch: fetches }, tools: undefined, dir: it.dir };
    const about = { targetUrl: it.target, packages, chosen: new Set<never>(), key: it.key.certificate };
    await checkPackages(bench, about, notes);
    return notes.findings.filter(({ kind }) => kind === "wrong").map(({ where }) => where);
  };
  expect(await sizes()).toEqual([]);
  expect(asked).toEqual([`HEAD ${it.url}/${path}`]);
  const was = await it.get(path);
  await it.put(path, was.subarray(1));
  expect(await sizes()).toEqual([`${it.url}/${path}`]);
  await it.put(path, was);
});

test.skipIf(lackOf("rpmkeys"))(`rpm checks the packages that are read${lackOf("rpmkeys")}`, async () => {
  const report = await it.look({}, { tools: it.tools });
  expect(report).toMatchObject({ verdict: "good", findings: [], targets: [{ rpm: true }] });
});

test("a way that breaks is gone again, three times; what is missing is not asked for twice", async () => {
  let broken = 2;
  let asked = 0;
  const fetches = async (url: string, options: RequestInit) => {
    if (url.endsWith("mirrorlist") && (asked += 1) <= broken) throw new TypeError("reset");
    return fetch(url, options);
  };
  const net = { ...NET, fetch: fetches };
  expect((await it.look({}, { net })).verdict).toBe("good");
  expect(asked).toBe(3);
  [broken, asked] = [99, 0];
  expect((await it.look({}, { net })).verdict).toBe("unseen");
  expect(asked).toBe(3);
  [broken, asked] = [0, 0];
  const was = await it.get(POINTER);
  await it.remove(POINTER);
  expect(faults(await it.look({}, { net }), it.url)).toEqual([`missing ${POINTER}`]);
  expect(asked).toBe(1);
  await it.put(POINTER, was);
});

describe("what was seen before", () => {
  test("is gone on from; an old pointer that is shown again is refused, and so is another key", async () => {
    const seen = seenFile(join(it.dir, "seen.json"));
    const look = () => it.look({ key: undefined }, { seen });
    expect((await look()).verdict).toBe("good");
    const old = await it.get(POINTER);

    // A publication between the pointer and the rest: one snapshot is seen whole.
    let publishes = true;
    const net = {
      pause: async () => undefined,
      patience: 10_000,
      fetch: async (url: string, options: RequestInit) => {
        const answer = await fetch(url, options);
        if (url.endsWith("/mirrorlist") && publishes) {
          publishes = false;
          await it.add("world");
        }
        return answer;
      },
    };
    expect(await it.look({}, { net, seen })).toMatchObject({ verdict: "good", targets: [{ number: 1 }] });
    expect(await look()).toMatchObject({ verdict: "good", targets: [{ number: 2 }] });

    const now = await it.get(POINTER);
    await it.put(POINTER, old);
    expect(faults(await look(), it.url)).toEqual([`rollback ${TARGET}/snapshots/000001/`]);
    expect((await it.look()).verdict).toBe("good");
    await it.put(POINTER, now);

    const forgetful = {
      ...seen,
      get: async (url: string) => {
        const known = await seen.get(url);
        return known && { ...known, fingerprint: stranger.fingerprint };
      },
    };
    const other = await it.look({ key: undefined }, { seen: forgetful });
    expect(faults(other, it.url)).toEqual(["key RPM-GPG-KEY-millwright"]);
    const later = {
      ...seen,
      get: async (url: string) => {
        const known = await seen.get(url);
        return known && { ...known, number: 1, revision: known.revision + 1 };
      },
    };
    expect(faults(await it.look({}, { seen: later }), it.url)).toEqual([
      `rollback ${TARGET}/snapshots/000002/`,
    ]);
    expect((await look()).verdict).toBe("good");
  });
});
