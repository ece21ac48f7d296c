import { createHash } from "node:crypto";
import { createServer, type Server } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { web } from "../../src/source/web.ts";

let server: Server;
let asked: string[];
let here: ReturnType<typeof web>;

beforeAll(async () => {
  asked = [];
  server = createServer((request, response) => {
    asked.push(request.url ?? "");
    if (request.url === "/there") response.end("twelve bytes");
    else if (request.url === "/away") response.writeHead(302, { location: "https://169.254.169.254/" }).end();
    else response.writeHead(request.url === "/broken" ? 503 : 404).end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  here = web({ "greet.example": `http://127.0.0.1:${port}` });
});
afterAll(() => void server.close());

describe("hosts outside, as a door asks them", () => {
  test("are those of the deployment; what can be fetched there has no objection", async () => {
    expect(await here.reach("https://greet.example/there")).toBeUndefined();
    expect(await here.reach("https://greet.example/gone")).toContain("HTTP 404");
    expect(await here.read("https://greet.example/there", 100)).toBe("twelve bytes");
  });

  test.each([
    ["https://other.example/there", "not allowed here"],
    ["http://greet.example/there", "only https://"],
    ["https://127.0.0.1/there", "not allowed here"],
    ["https://greet.example:22/there", "names a port"],
    ["https://user@greet.example/there", "user name"],
    ["file:///etc/passwd", "only https://"],
    ["https://greet.example/away", "not allowed here"],
  ])("%s is not asked", async (address, because) => {
    const before = asked.length;
    expect(await here.reach(address)).toContain(because);
    await expect(here.read(address, 100)).rejects.toThrow(because);
    expect(asked.slice(before).filter((path) => path !== "/away")).toEqual([]);
  });

  test("tell digests of what is there, or why they cannot be had", async () => {
    const sha256 = createHash("sha256").update("twelve bytes").digest("hex");
    expect(await here.digests("https://greet.example/there", 100)).toMatchObject({ sha256 });
    expect(await here.digests("https://greet.example/there", 5)).toContain("larger than 5 bytes");
    expect(await here.digests("https://greet.example/gone", 100)).toContain("HTTP 404");
    await expect(here.digests("https://greet.example/broken", 100)).rejects.toThrow("HTTP 503");
  });

  test("are worth another try where they fail, and no more is read than was asked for", async () => {
    await expect(here.reach("https://greet.example/broken")).rejects.toThrow("HTTP 503");
    await expect(here.read("https://greet.example/there", 5)).rejects.toThrow("larger than 5 bytes");
  });
});
