import { createHash } from "node:crypto";
import { mkdtemp, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Mirror } from "../../src/publish/mirror.ts";
import { publish } from "../../src/publish/publish.ts";
import type { Tools } from "../../src/publish/tools.ts";
import { POINTER } from "./channel.ts";
import { manifestOf, offer, scratch, serve, testKey, testTools } from "./kit.ts";
import type { Offer } from "./kit.ts";
import { buildMany } from "./many.ts";
import { polling } from "./polling.ts";
import { readAsClient } from "./reader.ts";

const PUBLISHERS = 8;
const EACH = 13;

/** A mirror in memory with the conditions of S3; `moves` is what the pointer said, one after the other. */
async function memoryMirror() {
  const objects = new Map<string, Uint8Array>();
  const moves: string[] = [];
  const versionOf = (bytes: Uint8Array) => createHash("md5").update(bytes).digest("hex");
  const write = (key: string, bytes: Uint8Array): true => {
    if (key === POINTER) moves.push(Buffer.from(bytes).toString());
    objects.set(key, bytes);
    return true;
  };
  const mirror: Mirror = {
    async get(key) {
      const value = objects.get(key);
      return value && { value, version: versionOf(value) };
    },
    async create(key, body) {
      const bytes = body instanceof Uint8Array ? body : await readFile(body.file);
      return objects.has(key) ? false : write(key, bytes);
    },
    async replace(key, body, version) {
      const there = objects.get(key);
      return there !== undefined && versionOf(there) === version && write(key, body);
    },
    async put(key, body) {
      write(key, body);
    },
  };
  const served = await serve(async (path) => objects.get(path.slice(1)));
  return { ...served, mirror, moves, [Symbol.asyncDispose]: served[Symbol.asyncDispose] };
}

test("eight publishers with a hundred publications between them lose nothing and double nothing", async () => {
  await using place = await scratch();
  await using shelf = await serve((path) => readFile(path).catch(() => undefined));
  await using it = await memoryMirror();
  const files = await buildMany(place.dir, PUBLISHERS * EACH, { installable: true });
  const offers = await Promise.all(files.map((file) => offer(shelf.url, { file, arch: "x86_64" })));
  const key = await testKey();
  const real = await testTools(place.dir);
  // Whether packages are signed is not what is asked here, and takes most of the time.
  const tools: Tools = async (tool, args) =>
    tool.startsWith("rpm") && tool !== "rpm" ? "" : real(tool, args);
  const publisher = async (mine: readonly Offer[], number: number): Promise<readonly string[]> => {
    const kinds: string[] = [];
    for (const [n, one] of mine.entries()) {
      const dir = await mkdtemp(join(place.dir, "work-"));
      const manifest = manifestOf(it.url, [one], { run: `run-${number}-${n}` });
      kinds.push((await publish({ manifest, mirror: it.mirror, key, tools, dir })).kind);
    }
    return kinds;
  };
  await publisher(offers.slice(0, 1), PUBLISHERS);
  const reader = polling(`${it.url}/leap-15.6`, { certificate: key.certificate, bodies: false });
  const shares = Array.from({ length: PUBLISHERS }, (_, n) => offers.slice(n * EACH, (n + 1) * EACH));
  const kinds = await Promise.all(shares.map(publisher));
  await reader.stop();

  expect(kinds.flat()).toEqual(offers.map(() => "published"));
  const { packages } = await readAsClient(`${it.url}/leap-15.6`, key);
  const names = packages.map(({ name }) => name).toSorted();
  expect(names).toEqual(offers.map((_, n) => `p${n}`).toSorted());
  // Each publication has moved the pointer once, and onward; the first package came before the race, and again in it.
  expect(it.moves).toHaveLength(PUBLISHERS * EACH);
  expect(it.moves).toEqual(it.moves.toSorted());
}, 300_000);
