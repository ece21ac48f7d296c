import { createHash } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { seenFile } from "../../src/verify/seen-file.ts";
import { verify } from "../../src/verify/verify.ts";
import { imageTown } from "./image-town.ts";

const NAME = "os-Default.x86_64-1.2.3.qcow2";
const LATEST = "images/latest/os-Default.x86_64.qcow2";
const FIRST = "20261101_01";
const day = (text: string) => ({
  [NAME]: text,
  "os-Default.x86_64-1.2.3.packages": "bash|(none)|5.2|1|x86_64|(none)|GPL-3.0-or-later\n",
});

let town: Awaited<ReturnType<typeof imageTown>>;
beforeAll(async () => {
  town = await imageTown();
  await town.release(FIRST, day("the first disk\n"));
});
afterAll(() => town[Symbol.asyncDispose]());

/** The image that programs are sent to is there, whole. */
async function readerFindsAnImage(): Promise<void> {
  const stream = JSON.parse((await town.text("stream.json")) ?? "") as {
    readonly architectures: { readonly x86_64: { readonly artifacts: unknown } };
  };
  const [, location = "", sha256] =
    /"location":"([^"]+)".*?"sha256":"([0-9a-f]{64})"/.exec(JSON.stringify(stream.architectures.x86_64)) ??
    [];
  const body = await (await fetch(location)).arrayBuffer();
  expect(createHash("sha256").update(Buffer.from(body)).digest("hex")).toBe(sha256);
}

const strangerSays = async (): Promise<string> =>
  (
    await verify(
      {
        net: { fetch, pause: async () => undefined, patience: 10_000 },
        tools: undefined,
        dir: "/nonexistent",
        seen: seenFile(undefined),
        now: Date.now,
      },
      { address: town.url, all: true, key: { fingerprint: town.key.fingerprint } },
    )
  ).verdict;

/** Publishes something, dead from its `writes`th write on, and once more by somebody who lives; `false`: it did not die. */
async function withCrash(
  writes: number,
  publication: () => ReturnType<typeof town.release>,
): Promise<boolean> {
  town.dieAfter(writes, writes % 2 === 0 ? "before" : "after");
  const died = await publication().then(
    () => false,
    () => true,
  );
  town.live();
  await readerFindsAnImage();
  expect(await publication()).toMatchObject({ kind: "published" });
  return died;
}

test("a publisher that dies at any write leaves no image that is told of and not there, and the next one ends its work", async () => {
  let writes = 0;
  for (let isOver = false; !isOver; writes += 1) {
    const number = `20261102_${String(writes + 1).padStart(2, "0")}`;
    const text = `disk ${writes}\n`;
    isOver = !(await withCrash(writes, () => town.release(number, day(text))));
    expect(await town.text(LATEST)).toBe(text);
  }
  expect(writes).toBeGreaterThan(20);
  expect(await strangerSays()).toBe("good");
}, 600_000);

test("a rollback that dies at any write is ended by the next one: the name that stays is the old image again", async () => {
  let writes = 0;
  for (let isOver = false; !isOver; writes += 1) {
    const count = String(writes * 2 + 1).padStart(2, "0");
    await town.release(`20261103_${count}`, day(`disk ${writes}\n`));
    const number = `20261103_${String(writes * 2 + 2).padStart(2, "0")}`;
    const back = () => town.release(number, {}, { of: FIRST, asked: "rollback" });
    isOver = !(await withCrash(writes, back));
    expect(await town.text(LATEST)).toBe("the first disk\n");
  }
  expect(writes).toBeGreaterThan(10);
  expect(await strangerSays()).toBe("good");
}, 600_000);
