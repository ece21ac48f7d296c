import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { expect, test } from "vitest";
import { toolOf } from "../../../serverless/tools.ts";
import { commitRoot } from "../../../src/publish/ostree/commit-root.ts";
import { lackOf, serve } from "../kit.ts";
import { world } from "../world.ts";
import { deadly } from "./deadly.ts";
import { client, composer } from "./kit.ts";
import { wholeAt } from "./whole.ts";

const lack = lackOf("ostree");
const REF = "acme/x86_64";
const SMALL = { target: "leap-15.6", arch: "x86_64", job: "tree:os", name: "tree.ostree.tar.zst" } as const;

/** The real publisher's own process, trees of one file that follow each other, and a way to S3 on which it can be struck. */
async function town() {
  const it = await world();
  const made = await composer(it.place.dir);
  const program = join(it.place.dir, "publish.mjs");
  await writeFile(program, (await toolOf("publish"))?.body ?? "");
  const tars = await serve((path) => readFile(path).catch(() => undefined));
  const origin = new URL(it.url).origin;
  const way = await deadly(origin, () => it.kill());
  const url = it.url.replace(origin, way.url);
  const root = join(it.place.dir, "root/usr");
  await mkdir(root, { recursive: true });
  const argv = [process.execPath, program];
  const variables = { AWS_ENDPOINT_URL_S3: way.url };
  return {
    url: `${it.url}/ostree`,
    arm: (nth: number) => way.arm(nth),
    dir: it.place.dir,
    client: async () => {
      const key = await it.blobs.get("mirror/acme/RPM-GPG-KEY-millwright");
      return client(it.place.dir, { url: it.url, certificate: new TextDecoder().decode(key?.value) });
    },
    /** Commits a tree of day `day`, and gives how it is published. */
    async composed(day: number, parent: string | undefined) {
      await writeFile(join(root, "day"), `${day}\n`);
      const at = new Date(Date.UTC(2026, 0, day));
      const commit = commitRoot(made.repository, { root: join(root, ".."), ref: REF, at, parent });
      const file = join(it.place.dir, `tree-${day}`);
      const from = join(made.repository.dir, "..");
      execFileSync(
        "sh",
        [
          "-c",
          `mkdir -p pack; ln -sfn ../repo-bare-user-only pack/repo; cd pack; tar -c repo/config repo/refs repo/objects | zstd -q > ${file}`,
        ],
        { cwd: from },
      );
      const bytes = await readFile(file);
      const sha256 = createHash("sha256").update(bytes).digest("hex");
      const tree = { ...SMALL, ref: REF, url: tars.url + file, size: bytes.length, sha256 };
      const mirror = { bucket: "", prefix: "x", url };
      const publish = () => it.stage([], [{ argv, variables }], { targets: [], trees: [tree], mirror });
      return { commit, publish };
    },
    async [Symbol.asyncDispose]() {
      await way[Symbol.asyncDispose]();
      await tars[Symbol.asyncDispose]();
      await it[Symbol.asyncDispose]();
    },
  };
}

/** Looks again and again whether all is there that the ref leads to, until it is stopped. */
function watching(url: string) {
  const end = new AbortController();
  const seen: (string | undefined)[] = [];
  const looking = (async () => {
    while (!end.signal.aborted) {
      const now = await wholeAt(url, REF);
      if (now !== seen.at(-1)) seen.push(now);
      await setTimeout(15);
    }
  })();
  looking.catch(() => undefined);
  return {
    async stop(): Promise<readonly (string | undefined)[]> {
      end.abort();
      await looking;
      return seen;
    },
  };
}

test.skipIf(lack)(
  `a publisher that is killed at any of its requests never leaves a ref to what is missing, and the next one completes the work${lack}`,
  async () => {
    await using it = await town();
    const commits: (string | undefined)[] = [undefined];
    const reader = watching(it.url);
    let nth = 0;
    for (let killed = true; killed;) {
      nth += 1;
      const before = commits.at(-1);
      const { commit, publish } = await it.composed(nth, before);
      const armed = it.arm(nth);
      const ended = await publish();
      killed = armed.came();
      expect([nth, ended.code, ended.log]).toEqual([nth, killed ? null : 0, expect.anything()]);
      expect([before, commit]).toContain(await wholeAt(it.url, REF));
      if (killed) await publish();
      expect(await wholeAt(it.url, REF)).toBe(commit);
      commits.push(commit);
    }
    expect(nth).toBeGreaterThan(20);
    expect(await (await it.client()).pull(REF)).toBe(commits.at(-1));
    // It never went back, and never led to something else.
    const seen = (await reader.stop()).filter((commit) => commit !== undefined);
    expect(seen).toEqual(commits.filter((commit) => commit !== undefined && seen.includes(commit)));
  },
  600_000,
);
