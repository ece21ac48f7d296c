import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { readMade } from "../../src/pipelines/service/update-made.ts";
import { serveBucket, serveFiles } from "./bucket.ts";
import { type Files, makeRepository, serveGit } from "./git-server.ts";

const TOKEN = "ghs_0123456789";

const spec = (version: string): string =>
  `Name: hello\nVersion: ${version}\nRelease: 1\nSource0: https://files.example/hello-%{version}.bin\n`;

const RECOMPRESS = `<services>
  <service name="recompress" mode="manual"><param name="file">notes.txt</param><param name="compression">gz</param></service>
</services>
`;
const DOWNLOAD = `<services>
  <service name="download_url" mode="manual"><param name="url">https://files.example/away.txt</param></service>
</services>
`;

/** Runs the source stage as CodeBuild does, for a commit that speaks of version 2 where version 1 was before. */
async function stage(files: Files) {
  const root = await mkdtemp(join(tmpdir(), "source-update-"));
  const repository = makeRepository(root);
  const head = repository.commit({ "pkg/hello.spec": spec("2"), "pkg/hello-1.bin": "old", ...files });
  const [git, bucket, web] = await Promise.all([serveGit(root, TOKEN), serveBucket(), serveFiles()]);
  web.routes.set("/hello-2.bin", { body: Buffer.from([0, 255, 254]) });
  const manifest = {
    v: 1,
    job: "run#source/update:hello#1",
    repo: { url: `${git.origin}/packages.git`, token: TOKEN },
    head,
    recipe: { kind: "rpm", name: "hello", path: "pkg/hello.spec" },
    hosts: { "files.example": web.origin },
    update: { spec: spec("1") },
    upload: { url: bucket.origin, fields: { key: "${filename}" } },
  };
  web.routes.set("/manifest", { body: JSON.stringify(manifest) });
  const temp = await mkdtemp(join(root, "tmp-"));
  const child = spawn(process.execPath, ["src/source/main.ts"], {
    env: {
      PATH: process.env["PATH"],
      TMPDIR: temp,
      MILLWRIGHT_MANIFEST: `${web.origin}/manifest`,
      MILLWRIGHT_JOB: manifest.job,
    },
  });
  let log = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (log += chunk));
  const [code] = await once(child, "close");
  const left = await readdir(temp);
  await Promise.all([git.close(), bucket.close(), web.close()]);
  await rm(root, { recursive: true, force: true });
  return { code, log, left, bucket };
}

test("the source stage of an update runs its services and leaves what they changed, and nothing else", async () => {
  const { code, log, left, bucket } = await stage({ "pkg/_service": RECOMPRESS, "pkg/notes.txt": "hello\n" });
  expect({ code, left }).toEqual({ code: 0, left: [] });
  const { files } = bucket;
  const made = readMade(files.get("update.json")?.toString() ?? "", "hello.spec");
  const contentOf = (name: string): Buffer | undefined =>
    files.get(made?.files.find((one) => one.name === name)?.content ?? "");
  expect(made?.files.map(({ name }) => name).toSorted()).toEqual(["hello-2.bin", "notes.txt.gz"]);
  expect(made?.gone.toSorted()).toEqual(["hello-1.bin", "notes.txt"]);
  expect(contentOf("hello-2.bin")).toEqual(Buffer.from([0, 255, 254]));
  expect(gunzipSync(contentOf("notes.txt.gz") ?? "").toString()).toBe("hello\n");
  const sums = bucket.order
    .slice(0, -1)
    .map((name) => `${createHash("sha256").update(files.get(name)!).digest("hex")}  ${name}\n`);
  expect(files.get("SHA256SUMS")?.toString()).toBe(sums.join(""));
  expect(log).not.toContain(TOKEN);
});

test("a service that fails ends the stage with its file and line, and nothing is left", async () => {
  const { code, log, bucket } = await stage({ "pkg/_service": DOWNLOAD });
  expect({ code, order: bucket.order }).toEqual({ code: 2, order: [] });
  expect(log).toMatch(/millwright: refused: pkg\/_service:2: .*away\.txt/);
});

test("what is too much for a commit is refused", async () => {
  const many = Object.fromEntries(Array.from({ length: 41 }, (_, at) => [`pkg/n${at}.txt`, "x"]));
  const service = RECOMPRESS.replace("notes.txt", "*.txt");
  const { code, log } = await stage({ "pkg/_service": service, ...many });
  expect(code).toBe(2);
  expect(log).toContain("40 are committed at most");
});
