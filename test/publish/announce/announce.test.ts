import ical from "ical.js";
import { XMLParser } from "fast-xml-parser";
import { describe, expect, test } from "vitest";
import { announce } from "../../../src/publish/announce/announce.ts";
import { signatureKey } from "../../../src/publish/announce/settle.ts";
import type { Mirror } from "../../../src/publish/mirror.ts";
import { verifyDetached } from "../../../src/publish/openpgp.ts";
import { key, memoryMirror, release, URL } from "./kit.ts";

type Told = ReturnType<typeof release>;
type Memory = ReturnType<typeof memoryMirror>;

const tell = ({ mirror }: Pick<Memory, "mirror">, { manifest, brought }: Told) =>
  announce({ mirror, key, manifest }, brought);

const FIRST = release("20261120_01", { greet: "1.0-1", cowsay: "2.0-1" });
const SECOND = release("20261121_02", { greet: "3.0-1", fortune: "1.0-1" });
const BACK = release("20261122_01", {}, { release: { of: "20261120_01", asked: "rollback" }, snapshot: 9 });

async function told(...releases: readonly Told[]): Promise<Memory> {
  const memory = memoryMirror();
  for (const one of releases) await tell(memory, one);
  return memory;
}

const json = (memory: Memory, path: string): unknown => JSON.parse(memory.text(path));
interface Listing {
  readonly "end-of-life": boolean;
  readonly releases: readonly Readonly<Record<string, unknown>>[];
}
const listing = (memory: Memory): Listing => json(memory, "releases.json") as Listing;

const DOCUMENTS = ["releases.json", "stream.json", "releases.atom", "releases.ics"] as const;

/** Throws unless each document is signed by us, at both of its places. */
async function checkSigned(memory: Memory): Promise<void> {
  const paths = [...memory.all.keys()].filter(
    (path) => DOCUMENTS.some((one) => path === one) || path.endsWith("/release.json"),
  );
  for (const path of paths) {
    const bytes = memory.all.get(path) ?? new Uint8Array();
    const signature = memory.text(signatureKey(bytes));
    expect(memory.text(`${path}.asc`)).toBe(signature);
    await verifyDetached(key.certificate, bytes, signature);
  }
}

describe("what changed", () => {
  test("is told by source, with what was written since the release before", async () => {
    const { mirror } = await told(FIRST);
    const { changes, previous } = await tell({ mirror }, SECOND);
    expect(previous).toBe("20261120_01");
    expect(changes).toMatchObject([
      { kind: "updated", source: "greet", from: "1.0-1", to: "3.0-1", targets: ["leap-15.6"] },
      { kind: "added", source: "fortune", to: "1.0-1" },
      { kind: "removed", source: "cowsay", from: "2.0-1", changelog: [] },
    ]);
    expect(changes[0]?.changelog.map(({ text }) => text)).toEqual(["- Version 3", "- Version 2"]);
  });

  test("is counted from the release before, also when an older one is told of late", async () => {
    const memory = await told(FIRST, BACK);
    const { previous } = await tell(memory, SECOND);
    expect(previous).toBe("20261120_01");
    expect(listing(memory).releases.map((one) => one["release"])).toEqual([
      "20261122_01",
      "20261121_02",
      "20261120_01",
    ]);
  });

  test("comes to it with a late arch, and nothing is taken from what was told", async () => {
    const memory = await told(FIRST, SECOND);
    const late = await tell(
      memory,
      release("20261121_02", { greet: "3.0-1" }, { arch: "aarch64", snapshot: 5 }),
    );
    const [target] = late.targets;
    expect(target?.arches).toEqual(["aarch64", "x86_64"]);
    expect(target?.snapshot).toBe(`${URL}/leap-15.6/snapshots/000005/`);
    expect(target?.packages.map(({ source, arch }) => `${source} ${arch}`)).toEqual([
      "fortune x86_64",
      "greet aarch64",
      "greet x86_64",
    ]);
    expect(late.changes).toHaveLength(3);
    await checkSigned(memory);
  });
});

test("a rollback has what the older release had, and the one between is told to be taken back", async () => {
  const memory = await told(FIRST, SECOND);
  const { targets, changes } = await tell(memory, BACK);
  expect(targets[0]?.packages.map(({ source, version }) => `${source} ${version}`)).toEqual([
    "cowsay 2.0-1",
    "greet 1.0-1",
  ]);
  expect(targets[0]?.snapshot).toBe(`${URL}/leap-15.6/snapshots/000009/`);
  expect(changes[0]).toMatchObject({ kind: "updated", source: "greet", from: "3.0-1", to: "1.0-1" });
  expect(listing(memory).releases.map((one) => [one["release"], one["rolled-back-by"]])).toEqual([
    ["20261122_01", undefined],
    ["20261121_02", "20261122_01"],
    ["20261120_01", undefined],
  ]);
});

test("stream.json names the repositories of the newest release, for each arch", async () => {
  const memory = await told(FIRST, SECOND);
  expect(json(memory, "stream.json")).toEqual({
    stream: "release",
    metadata: { "last-modified": "2026-11-21T02:00:00Z" },
    "support-until": "2027-12-31",
    "end-of-life": false,
    release: "20261121_02",
    architectures: {
      x86_64: {
        artifacts: {},
        repositories: {
          "leap-15.6": {
            release: "20261121_02",
            repo: `${URL}/os-release-leap-15.6.repo`,
            "pinned-repo": `${URL}/releases/20261121_02/os-release-leap-15.6.repo`,
            snapshot: `${URL}/leap-15.6/snapshots/000002/`,
            key: `${URL}/RPM-GPG-KEY-millwright`,
          },
        },
      },
    },
  });
});

test.each([
  ["2026-11-21", false],
  ["2026-11-20", true],
])("a channel that is supported until %s is, on 2026-11-21, at its end: %s", async (supportUntil, isOver) => {
  const memory = await told(release("20261121_02", { greet: "1.0-1" }, { release: { supportUntil } }));
  expect(listing(memory)["end-of-life"]).toBe(isOver);
  expect(json(memory, "stream.json")).toMatchObject({ "end-of-life": isOver, "support-until": supportUntil });
});

test("the feed is read by a reader of XML, and an entry changes when its release is taken back", async () => {
  const memory = await told(FIRST, SECOND, BACK);
  const { feed } = new XMLParser({ ignoreAttributes: true }).parse(memory.text("releases.atom")) as {
    feed: { entry: readonly Record<string, string>[]; updated: string };
  };
  expect(feed.updated).toBe("2026-11-22T01:00:00.000Z");
  expect(feed.entry.map(({ title, updated }) => [title, updated])).toEqual([
    ["acme/os release 20261122_01, back to 20261120_01", "2026-11-22T01:00:00.000Z"],
    ["acme/os release 20261121_02, rolled back", "2026-11-22T01:00:00.000Z"],
    ["acme/os release 20261120_01", "2026-11-20T01:00:00.000Z"],
  ]);
  expect(feed.entry[1]?.["content"]).toContain("<li>greet 1.0-1 -&gt; 3.0-1</li>");
});

test("the calendar is read by a reader of iCalendar: releases, and the last day of support", async () => {
  const memory = await told(FIRST, SECOND);
  const events = new ical.Component(ical.parse(memory.text("releases.ics"))).getAllSubcomponents("vevent");
  expect(events.map((event) => event.getFirstPropertyValue("dtstart")?.toString())).toEqual([
    "2026-11-21T02:00:00Z",
    "2026-11-20T01:00:00Z",
    "2027-12-31",
  ]);
  expect(events.map((event) => event.getFirstPropertyValue("dtstamp")?.toString())).toEqual([
    "2026-11-21T02:00:00Z",
    "2026-11-20T01:00:00Z",
    "2026-11-21T02:00:00Z",
  ]);
  expect(events.map((event) => event.getFirstPropertyValue("uid"))).toEqual([
    "20261121_02.release.acme.os@mirror.example",
    "20261120_01.release.acme.os@mirror.example",
    "end-of-support.release.acme.os@mirror.example",
  ]);
});

describe("announced once", () => {
  test("again writes and signs nothing", async () => {
    const memory = await told(FIRST, SECOND);
    const before = memory.files();
    const silent = { ...key, detach: () => Promise.reject(new Error("signed")) };
    const { mirror } = frozen(memory.mirror);
    await announce({ mirror, key: silent, manifest: SECOND.manifest }, SECOND.brought);
    expect(memory.files()).toEqual(before);
  });

  test("takes as many writes for a thousand packages as for one", async () => {
    const many = Object.fromEntries(Array.from({ length: 1000 }, (_, n) => [`package-${n}`, "1.0-1"]));
    const writes = async (sources: Readonly<Record<string, string>>) => {
      const { effects, through } = counting();
      await tell({ mirror: through(memoryMirror().mirror) }, release("20261121_02", sources));
      return effects.length;
    };
    expect(await writes(many)).toBe(await writes({ greet: "1.0-1" }));
    expect(await writes(many)).toBe(15);
  });

  test("what was stopped before or after any write is whole after the next attempt, with the same bytes", async () => {
    const { effects, through } = counting();
    const whole = await told(FIRST);
    await tell({ mirror: through(whole.mirror) }, SECOND);
    for (const when of ["before", "after"] as const)
      for (const nth of effects.keys()) {
        const memory = await told(FIRST);
        await expect(
          tell({ mirror: counting(nth + 1, when).through(memory.mirror) }, SECOND),
        ).rejects.toThrow("crash");
        await everyDocumentHasItsSignature(memory);
        await tell(memory, SECOND);
        expect(memory.files()).toEqual(whole.files());
        await checkSigned(memory);
      }
  });

  test("what was never finished is made up for by the next release", async () => {
    const memory = await told(FIRST);
    // The list is there, what follows from it is not.
    await expect(tell({ mirror: counting(5, "after").through(memory.mirror) }, SECOND)).rejects.toThrow(
      "crash",
    );
    await tell(memory, BACK);
    expect(memory.text("releases.atom")).toContain("20261121_02");
    await checkSigned(memory);
  });
});

test("of two publishers at once neither is forgotten", async () => {
  const memory = await told(FIRST);
  const late = release("20261119_01", { greet: "1.0-1" });
  let isDone = false;
  const mirror: Mirror = {
    ...memory.mirror,
    replace: async (path, body, version) => {
      if (!isDone && path === "releases.json") {
        isDone = true;
        await tell(memory, late);
      }
      return memory.mirror.replace(path, body, version);
    },
  };
  await tell({ mirror }, SECOND);
  expect(listing(memory).releases.map((one) => one["release"])).toEqual([
    "20261121_02",
    "20261120_01",
    "20261119_01",
  ]);
  expect(memory.text("releases.atom")).toContain("20261119_01");
  await checkSigned(memory);
});

test("a list that our key did not sign is not believed", async () => {
  const memory = await told(FIRST);
  memory.all.set("releases.json", Buffer.from(memory.text("releases.json").replace("greet", "evil")));
  await expect(tell(memory, SECOND)).rejects.toThrow("releases.json on the mirror is not signed by us.");
});

/** By the place that is named after its digest, whatever was being written. */
async function everyDocumentHasItsSignature(memory: Memory): Promise<void> {
  for (const path of DOCUMENTS) {
    const bytes = memory.all.get(path) ?? new Uint8Array();
    await verifyDetached(key.certificate, bytes, memory.text(signatureKey(bytes)));
  }
}

/** Counts the writes, and ends the work at the nth: before it happened, or after it but before anybody heard of it. */
function counting(nth = 0, when: "before" | "after" = "before") {
  const effects: string[] = [];
  const effect = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
    effects.push(what);
    if (effects.length === nth && when === "before") throw new Error("crash");
    const result = await work();
    if (effects.length === nth) throw new Error("crash");
    return result;
  };
  const through = (mirror: Mirror): Mirror => ({
    ...mirror,
    create: (path, body) => effect(`create ${path}`, () => mirror.create(path, body)),
    replace: (path, body, version) => effect(`replace ${path}`, () => mirror.replace(path, body, version)),
  });
  return { effects, through };
}

const frozen = (mirror: Mirror) => ({
  mirror: {
    ...mirror,
    create: () => Promise.reject(new Error("written")),
    replace: () => Promise.reject(new Error("written")),
    put: () => Promise.reject(new Error("written")),
  } satisfies Mirror,
});
