import { mkdtemp, rm } from "node:fs/promises";
import type { LookupFunction } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { publicLookup } from "../../../src/source/addresses.ts";
import { openUpstream } from "../../../src/source/services/upstream.ts";
import { makeRepository, serveGit } from "../git-server.ts";

let root: string;
let server: Awaited<ReturnType<typeof serveGit>>;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "upstream-test-"));
  makeRepository(root, "hello.git").commit({ a: "a" });
  server = await serveGit(root);
});
afterEach(async () => {
  await server.close();
  await rm(root, { recursive: true, force: true });
});

/** The server under a name that only this lookup knows. */
const open = (lookup: LookupFunction) =>
  openUpstream("https://git.example/hello.git", root, {
    hosts: { "git.example": server.origin.replace("127.0.0.1", "known-to-nobody.example") },
    lookup,
    pause: async () => undefined,
    limits: { bytes: 1000, idleMilliseconds: 5000, totalMilliseconds: 20_000 },
  });

test("git goes to the address that was judged and asks no name server of its own", async () => {
  let asked = 0;
  const { git } = await open((_, { all }, done) => {
    asked += 1;
    if (all) done(null, [{ address: "127.0.0.1", family: 4 }]);
    else done(null, "127.0.0.1", 4);
  });
  const { out } = await git({ args: ["ls-remote", "origin", "HEAD"] });
  expect(out.toString()).toContain("\tHEAD");
  expect(asked).toBe(2);
});

test("a name server that changes its mind is believed neither time", async () => {
  const seen = server.seen.length;
  const answers = ["127.0.0.1", "10.0.0.1"];
  const changing = publicLookup((_, done) =>
    done(null, [{ address: answers.shift() ?? "169.254.169.254", family: 4 }]),
  );
  await expect(open(changing)).rejects.toThrow("which is not public");
  expect(server.seen.length).toBe(seen);
});

test("one that changes its mind between our question and git's leaves git where it is", async () => {
  let asked = 0;
  const first: LookupFunction = (_, { all }, done) => {
    if (all) done(null, [{ address: "127.0.0.1", family: 4 }]);
    else done(null, "127.0.0.1", 4);
  };
  const second = publicLookup((_, done) => done(null, [{ address: "169.254.169.254", family: 4 }]));
  const changing: LookupFunction = (host, options, done) =>
    ((asked += 1) === 1 ? first : second)(host, options, done);
  await expect(open(changing)).rejects.toThrow("169.254.169.254, which is not public");
  expect(server.seen.map(({ url }) => url)).toEqual(["/hello.git/info/refs?service=git-upload-pack"]);
});
