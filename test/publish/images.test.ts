import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { imagesOf } from "../../src/publish/images.ts";
import type { Desk } from "../../src/publish/judge.ts";
import type { Manifest } from "../../src/publish/manifest.ts";
import { verifyDetached } from "../../src/publish/openpgp.ts";
import { scratch, serve, testKey, testMirror, testSigner } from "./kit.ts";

const DISK = Buffer.from("a disk\n");
const sha256 = createHash("sha256").update(DISK).digest("hex");
const NAME = "os-Default.x86_64-1.2.3.qcow2";

let place: Awaited<ReturnType<typeof scratch>>;
let server: Awaited<ReturnType<typeof serve>>;
let served: Awaited<ReturnType<typeof testMirror>>;
beforeAll(async () => {
  place = await scratch();
  server = await serve(async () => DISK);
  served = await testMirror(join(place.dir, "mirror"));
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await served[Symbol.asyncDispose]();
  await place[Symbol.asyncDispose]();
});

/** A desk with an image on it, and what was asked of the store. */
async function desk(change: Partial<NonNullable<Manifest["images"]>[number]> = {}, number = "20260102_01") {
  const { mirror } = served;
  const asked: string[] = [];
  const key = await testKey(testSigner());
  const image = {
    job: "image:os",
    arch: "x86_64",
    target: "leap",
    name: NAME,
    url: `${server.url}/disk`,
    size: DISK.length,
    sha256,
  } as const;
  const manifest = { at: "2026-01-02T00:00:00.000Z", release: { number }, images: [{ ...image, ...change }] };
  const images = {
    put: async (key: string, file: string) => {
      asked.push(`put ${key}`);
      await mirror.put(key, await readFile(file));
    },
    copy: async (from: string, to: string) => void asked.push(`copy ${from} ${to}`),
  };
  const text = async (key: string) => Buffer.from((await mirror.get(key))?.value ?? []).toString();
  return { desk: { manifest, mirror, key, dir: place.dir, images } as unknown as Desk, asked, text, key };
}

test("an image comes under its number, then its signature, then its digest; a second time nothing is written", async () => {
  const { desk: it, asked, text, key } = await desk();
  const path = `images/20260102_01/${NAME}`;
  const images = await imagesOf(it);
  expect(images.refusals).toEqual([]);
  const brought = await images.bring();
  expect(brought).toMatchObject([{ path, newest: "images/latest/os-Default.x86_64.qcow2", sha256 }]);
  expect(await text(`${path}.sha256`)).toBe(`${sha256}  ${NAME}\n`);
  await verifyDetached(
    key.certificate,
    Buffer.from(await text(`${path}.sha256`)),
    await text(`${path}.sha256.asc`),
  );
  await images.bring();
  expect(asked).toEqual([`put ${path}`]);
});

test("the name that stays is given when all else is there, with a digest of that name", async () => {
  const { desk: it, asked, text } = await desk({}, "20260102_04");
  const images = await imagesOf(it);
  await images.name(await images.bring());
  const newest = "images/latest/os-Default.x86_64.qcow2";
  expect(asked.at(-1)).toBe(`copy images/20260102_04/${NAME} ${newest}`);
  expect(await text(`${newest}.sha256`)).toBe(`${sha256}  os-Default.x86_64.qcow2\n`);
});

test.each([{ sha256: "0".repeat(64) }, { size: DISK.length + 1 }, { size: 1 }])(
  "a file that is not the one in the record (%j) is refused before anything is written",
  async (change) => {
    const { desk: it, asked } = await desk(change, "20260102_02");
    expect((await imagesOf(it)).refusals).toEqual([`${NAME} of image:os is not the file in the record.`]);
    expect(asked).toEqual([]);
  },
);

test("what tells of an image has no digest and no other name of its own", async () => {
  const { desk: it, asked, text } = await desk({ name: "os.x86_64-1.2.3.packages" }, "20260102_03");
  const images = await imagesOf(it);
  const [told] = await images.bring();
  expect(told).not.toHaveProperty("newest");
  expect(asked).toEqual([]);
  expect(await text("images/20260102_03/os.x86_64-1.2.3.packages")).toBe(DISK.toString());
});
