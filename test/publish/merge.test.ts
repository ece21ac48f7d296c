import { mkdtemp, readFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Description } from "../../src/publish/describe.ts";
import { cut } from "../../src/publish/members.ts";
import type { Base, Merged } from "../../src/publish/merge.ts";
import { CHUNK, merge } from "../../src/publish/merge.ts";
import { lineOf, lookUp } from "../../src/publish/package-list.ts";
import type { Package } from "../../src/publish/package-list.ts";
import { sha256 } from "../../src/publish/snapshot.ts";
import { scratch } from "./kit.ts";

const METADATA = ["primary", "filelists", "other"] as const;

const packageOf = (n: number): Package => {
  const digest = sha256(Buffer.from(String(n)));
  const file = `p${n}.rpm`;
  return {
    nevra: `p${n}-1-1.noarch`,
    sha256: digest,
    unsigned: "",
    size: n,
    name: `p${n}`,
    file,
    path: file,
    run: "é",
  };
};

/** What the metadata says of a package here: little, but with all that tells packages apart. */
const elementOf = (kind: string, { sha256: id, name }: Package): string =>
  kind === "primary"
    ? `<package type="rpm">\n  <name>${name}</name>\n  <checksum type="sha256" pkgid="YES">${id}</checksum>\n  <d>é &lt;package type="rpm"&gt; pkgid="YES"</d>\n</package>\n`
    : `<package pkgid="${id}" name="${name}">\n</package>\n`;

const described = (packages: readonly Package[]): Description => {
  const elements = (of: (one: Package) => Buffer) =>
    new Map(packages.map((one) => [one.sha256, of(one)] as const));
  const part = (kind: string) => ({
    frame: { head: (count: number) => Buffer.from(`<m packages="${count}">\n`), foot: Buffer.from("</m>") },
    elements: elements((one) => Buffer.from(elementOf(kind, one))),
  });
  const none = Buffer.alloc(0);
  return {
    primary: part("primary"),
    filelists: part("filelists"),
    other: part("other"),
    list: { frame: { head: () => none, foot: none }, elements: elements(lineOf) },
  };
};

const baseOf = ({ counts, files }: Merged): Base => ({
  snapshot: { v: 1, target: "", run: "", at: "", base: 0, revision: 1, counts, files, repomd: "" },
  read: (kind) => readFile(files[kind].local),
});

interface Step {
  readonly add: number;
  /** Shares of what is there: where a package is withdrawn. */
  readonly withdraw: readonly number[];
}

/** Carries out the steps, one snapshot upon the other. */
async function* snapshots(dir: string, steps: readonly Step[]) {
  let base: Base | undefined;
  let next = 0;
  let present: readonly Package[] = [];
  for (const { add, withdraw } of steps) {
    const fresh = Array.from({ length: add }, () => packageOf(next++));
    const going = new Set(withdraw.map((share) => present[Math.floor(share * present.length)]?.nevra ?? ""));
    const list = base && (await base.read("list"));
    const withdrawn = base && list ? await lookUp(list, base.snapshot.files.list, going) : [];
    const changes = { withdrawn, fresh, description: described(fresh) };
    const merged = await merge(base, changes, await mkdtemp(join(dir, "step-")));
    present = [...present.filter(({ nevra }) => !going.has(nevra)), ...fresh];
    yield { merged, present };
    base = baseOf(merged);
  }
}

async function allOf(dir: string, steps: readonly Step[]) {
  const all = [];
  for await (const one of snapshots(dir, steps)) all.push(one);
  return all;
}

const steps = fc.array(
  fc.record({
    add: fc.oneof(fc.constantFrom(0, 1, CHUNK - 1, CHUNK, CHUNK + 1), fc.nat(600)),
    withdraw: fc.array(fc.double({ min: 0, max: 0.999_999, noNaN: true }), { maxLength: 4 }),
  }),
  { minLength: 1, maxLength: 5 },
);

const openOf = async (merged: Merged, kind: keyof Merged["files"]): Promise<string> => {
  const bytes = await readFile(merged.files[kind].local);
  return bytes.length === 0 ? "" : gunzipSync(bytes).toString();
};

test("whatever comes and goes, each file has exactly what is there, in the order of the list, in full chunks", async () => {
  await using place = await scratch();
  await fc.assert(
    fc.asyncProperty(steps, async (steps) => {
      for await (const { merged, present } of snapshots(place.dir, steps)) {
        const lines = (await openOf(merged, "list")).split("\n").filter((line) => line !== "");
        const listed = lines.map((line): Package => JSON.parse(line));
        expect(new Set(listed.map(({ nevra }) => nevra))).toEqual(new Set(present.map(({ nevra }) => nevra)));
        expect(listed).toHaveLength(present.length);
        for (const kind of METADATA) {
          const elements = listed.map((one) => elementOf(kind, one)).join("");
          expect(await openOf(merged, kind)).toBe(`<m packages="${present.length}">\n${elements}</m>`);
          expect(merged.files[kind].open).toBe(Buffer.byteLength(await openOf(merged, kind)));
        }
        expect(merged.counts.slice(0, -1).every((count) => count === CHUNK)).toBe(true);
        expect(merged.counts.reduce((sum, count) => sum + count, 0)).toBe(present.length);
      }
    }),
    { numRuns: 25 },
  );
});

test("chunks that lose nothing are copied as they are packed, but for the last one while it has room", async () => {
  await using place = await scratch();
  const grown = [
    { add: 3 * CHUNK + 10, withdraw: [] },
    { add: 1, withdraw: [0] },
  ];
  const [first, second] = await allOf(place.dir, grown);
  for (const kind of METADATA) {
    const chunks = async (merged: Merged) => {
      const bytes = await readFile(merged.files[kind].local);
      return cut(bytes, merged.files[kind]).chunks.map((chunk) => Buffer.from(chunk));
    };
    const [old, now] = [await chunks(first!.merged), await chunks(second!.merged)];
    expect(now.slice(0, 2)).toEqual(old.slice(1, 3));
    expect(second?.merged.counts).toEqual([CHUNK, CHUNK, CHUNK, 10]);
  }
});

test("metadata that does not go together with the list is not built upon", async () => {
  await using place = await scratch();
  const [first, other] = await allOf(place.dir, [
    { add: 3, withdraw: [] },
    { add: 1, withdraw: [] },
  ]);
  const base = baseOf(first!.merged);
  const mixed: Base = {
    snapshot: { ...base.snapshot, files: { ...base.snapshot.files, other: other!.merged.files.other } },
    read: (kind) => (kind === "other" ? baseOf(other!.merged) : base).read(kind),
  };
  const fresh = [packageOf(9)];
  const changes = { withdrawn: [], fresh, description: described(fresh) };
  await expect(merge(mixed, changes, place.dir)).rejects.toThrow("do not go together");
});
