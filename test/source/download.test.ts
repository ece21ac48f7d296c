import { createHash } from "node:crypto";
import type { LookupAddress } from "node:dns";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { isPublic, publicLookup } from "../../src/source/addresses.ts";
import { download, type Net } from "../../src/source/download.ts";
import { serveFiles } from "./bucket.ts";
import { listen } from "./git-server.ts";

const LIMITS = { bytes: 1000, idleMilliseconds: 5000, totalMilliseconds: 20_000 };

async function world() {
  const dir = await mkdtemp(join(tmpdir(), "download-test-"));
  const [web, canary] = await Promise.all([serveFiles(), serveFiles()]);
  const pauses: number[] = [];
  const net: Net = {
    hosts: { "files.example": web.origin },
    lookup: publicLookup(),
    pause: async (milliseconds) => void pauses.push(milliseconds),
    limits: LIMITS,
  };
  const close = async () => {
    await Promise.all([web.close(), canary.close()]);
    await rm(dir, { recursive: true, force: true });
  };
  const into = join(dir, "file");
  const get = (path: string, change: Partial<Net> = {}) =>
    download(`https://files.example${path}`, into, { ...net, ...change });
  return { web, canary, pauses, net, into, get, close };
}

let at: Awaited<ReturnType<typeof world>>;
beforeEach(async () => {
  at = await world();
});
afterEach(() => at.close());

test("a file is saved as it is, with its size and digest", async () => {
  at.web.routes.set("/a", { body: "hello" });
  expect(await at.get("/a")).toEqual({
    bytes: 5,
    sha256: createHash("sha256").update("hello").digest("hex"),
  });
  expect(await readFile(at.into, "utf8")).toBe("hello");
});

test("redirects on the same server are followed", async () => {
  at.web.routes.set("/a", { status: 302, headers: { location: "/b" } });
  at.web.routes.set("/b", { status: 301, headers: { location: `${at.web.origin}/c` } });
  at.web.routes.set("/c", { body: "hello" });
  expect(await at.get("/a")).toMatchObject({ bytes: 5 });
});

describe("a redirect elsewhere is refused, and nobody there is asked", () => {
  test.each([
    ["another port", (origin: string) => `${origin}/x`],
    ["a host that is not allowed", (origin: string) => origin.replace("http:", "https:")],
    ["the name of the local machine", (origin: string) => origin.replace("127.0.0.1", "localhost")],
    ["a host without a scheme", (origin: string) => origin.replace("http:", "")],
    ["a user name that looks like the host", (origin: string) => origin.replace("//", "//files.example@")],
    ["an IPv4 address in IPv6", (origin: string) => origin.replace("127.0.0.1", "[::ffff:127.0.0.1]")],
  ])("%s", async (_name, location) => {
    at.web.routes.set("/a", { status: 302, headers: { location: location(at.canary.origin) } });
    await expect(at.get("/a")).rejects.toMatchObject({ exit: 2, kind: "refused" });
    expect(at.canary.hits).toEqual([]);
    expect(at.web.hits).toEqual(["/a"]);
  });
});

test("an endless chain of redirects ends", async () => {
  at.web.routes.set("/a", { status: 302, headers: { location: "/a" } });
  await expect(at.get("/a")).rejects.toThrow("leads on through more than 5 redirects");
  expect(at.web.hits).toHaveLength(6);
});

describe("a name that resolves to an address that is not public is refused, and nobody there is asked", () => {
  test.each([
    ["the loopback", [{ address: "127.0.0.1", family: 4 }]],
    ["the loopback of IPv6", [{ address: "::1", family: 6 }]],
    [
      "the loopback among public ones",
      [
        { address: "8.8.8.8", family: 4 },
        { address: "127.0.0.1", family: 4 },
      ],
    ],
    ["a mapped address", [{ address: "::ffff:127.0.0.1", family: 6 }]],
  ] satisfies [string, LookupAddress[]][])("%s", async (_name, addresses) => {
    const origin = at.canary.origin.replace("127.0.0.1", "files.example");
    const lookup = publicLookup((_, done) => done(null, addresses));
    const asked = at.get("/a", { lookup, hosts: { "files.example": origin } });
    await expect(asked).rejects.toMatchObject({ exit: 2 });
    expect(at.canary.hits).toEqual([]);
    expect(at.pauses).toEqual([]);
  });
});

test("the address that was checked is the one that is connected to", async () => {
  const answers = [[{ address: "8.8.8.8", family: 4 }], [{ address: "127.0.0.1", family: 4 }]];
  let asked = 0;
  const lookup = publicLookup((_, done) => done(null, answers[asked++] ?? []));
  const seen = await new Promise<unknown>((resolve) => {
    lookup("files.example", { all: true }, (error, addresses) => resolve(error ?? addresses));
  });
  expect(seen).toEqual([{ address: "8.8.8.8", family: 4 }]);
  expect(asked).toBe(1);
});

test("a file above the limit is refused, and not asked for again", async () => {
  at.web.routes.set("/a", { body: "x".repeat(1001) });
  await expect(at.get("/a")).rejects.toThrow("The file is larger than 1000 bytes.");
  expect(at.web.hits).toHaveLength(1);
});

test("a busy server is asked again after as long as it asks for", async () => {
  at.web.routes.set("/a", { status: 503, headers: { "retry-after": "7" } });
  await expect(at.get("/a")).rejects.toMatchObject({ exit: 75, kind: "infrastructure" });
  expect(at.pauses).toEqual([7000, 7000, 16_000]);
});

test("a file that is not there is refused at once", async () => {
  await expect(at.get("/a")).rejects.toMatchObject({
    exit: 2,
    message: "https://files.example/a answered HTTP 404.",
  });
  expect(at.pauses).toEqual([]);
});

test("a connection that breaks in the middle is no file", async () => {
  const server = await listen(
    createServer((_, response) => {
      response.writeHead(200, { "content-length": "10" }).write("12345", () => response.destroy());
    }),
  );
  await expect(at.get("/a", { hosts: { "files.example": server.origin } })).rejects.toMatchObject({
    exit: 75,
  });
  expect(at.pauses).toHaveLength(3);
  await server.close();
});

test("a server that falls silent is given up", async () => {
  const server = await listen(createServer(() => undefined));
  const limits = { ...LIMITS, idleMilliseconds: 50 };
  const asked = at.get("/a", { limits, hosts: { "files.example": server.origin } });
  await expect(asked).rejects.toMatchObject({ exit: 75 });
  await server.close();
});

describe("addresses of the public internet", () => {
  test.each(["8.8.8.8", "140.82.112.3", "100.128.0.1", "172.32.0.1", "2606:50c0:8000::153", "2a00:1450::1"])(
    "%s is one",
    (address) => {
      expect(isPublic(address)).toBe(true);
    },
  );
  test.each([
    "0.0.0.0",
    "10.1.2.3",
    "100.64.0.1",
    "100.127.255.255",
    "127.0.0.1",
    "127.255.255.255",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.1",
    "192.168.1.1",
    "198.18.0.1",
    "224.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::ffff:8.8.8.8",
    "::ffff:127.0.0.1",
    "::127.0.0.1",
    "fe80::1",
    "fc00::1",
    "fd00:ec2::254",
    "ff02::1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "2001::1",
    "2001:db8::1",
    "not an address",
    "",
  ])("%s is none", (address) => {
    expect(isPublic(address)).toBe(false);
  });
});
