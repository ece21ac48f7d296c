import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { expect, test } from "vitest";
import { sha256 } from "../../src/publish/snapshot.ts";
import { upload } from "../../src/publish/upload.ts";

/** A bucket that takes forms, as many as `patience` allows, and tells what came in order. */
async function bucket(patience: number) {
  const taken: { readonly names: readonly string[]; readonly file: string; readonly text: string }[] = [];
  const server = createServer(async (request, response) => {
    const body = (await buffer(request)).toString();
    const names = [...body.matchAll(/ name="([^"]*)"/g)].map(([, name]) => name ?? "");
    const file = / filename="([^"]*)"/.exec(body)?.[1] ?? "";
    if (taken.length === patience) return void response.writeHead(503).end("SlowDown");
    taken.push({ names, file, text: body });
    return void response.writeHead(204).end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    taken,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

const FIELDS = { key: "results/${filename}", policy: "p" };

test("the list of digests comes after all files it lists, and a file after all its fields", async () => {
  await using it = await bucket(9);
  const files = new Map([
    ["one", Buffer.from("1")],
    ["two", Buffer.from("2")],
  ]);
  await upload({ url: it.url, fields: FIELDS }, files);
  expect(it.taken.map(({ file }) => file)).toEqual(["one", "two", "SHA256SUMS"]);
  expect(it.taken[0]?.names).toEqual(["key", "policy", "file"]);
  expect(it.taken[2]?.text).toContain(`${sha256(Buffer.from("1"))}  one\n${sha256(Buffer.from("2"))}  two\n`);
});

test("without one of the files there is no list of digests", async () => {
  await using it = await bucket(1);
  const files = new Map([
    ["one", Buffer.from("1")],
    ["two", Buffer.from("2")],
  ]);
  await expect(upload({ url: it.url, fields: FIELDS }, files)).rejects.toThrow("two was answered 503");
  expect(it.taken.map(({ file }) => file)).toEqual(["one"]);
});
