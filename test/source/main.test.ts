import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { serveBucket, serveFiles } from "./bucket.ts";
import { makeRepository, serveGit } from "./git-server.ts";

const TOKEN = "ghs_0123456789";

/** Runs the stage as CodeBuild does: a process with two variables. */
async function stage(spec: string) {
  const root = await mkdtemp(join(tmpdir(), "source-main-"));
  const repository = makeRepository(root);
  const head = repository.commit({ "hello/hello.spec": spec });
  const [git, bucket, web] = await Promise.all([serveGit(root, TOKEN), serveBucket(), serveFiles()]);
  const manifest = {
    v: 1,
    job: "run#source#1",
    repo: { url: `${git.origin}/packages.git`, token: TOKEN },
    head,
    recipe: { kind: "rpm", name: "hello", path: "hello/hello.spec" },
    hosts: {},
    upload: { url: bucket.origin, fields: { key: "${filename}" } },
  };
  web.routes.set("/manifest?secret=1", { body: JSON.stringify(manifest) });
  const temp = await mkdtemp(join(root, "tmp-"));
  const child = spawn(process.execPath, ["src/source/main.ts"], {
    env: {
      TMPDIR: temp,
      MILLWRIGHT_MANIFEST: `${web.origin}/manifest?secret=1`,
      MILLWRIGHT_JOB: "run#source#1",
    },
  });
  let log = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (log += chunk));
  const [code] = await once(child, "close");
  const left = await readdir(temp);
  await Promise.all([git.close(), bucket.close(), web.close()]);
  await rm(root, { recursive: true, force: true });
  return { code, log, left, uploaded: bucket.order };
}

test("the program ends with 0, leaves three files and nothing in its temporary directory", async () => {
  const ended = await stage("Name: hello\nVersion: 1\nRelease: 1\n");
  expect(ended).toMatchObject({
    code: 0,
    left: [],
    uploaded: ["bundle.tar", "recipe.spec", "facts.json", "SHA256SUMS"],
  });
  expect(ended.log).not.toContain(TOKEN);
});

test("the repository's fault is exit 2 and a sentence with file and line", async () => {
  const ended = await stage("Name: hello\nVersion: 1\nRelease: 1\nSource0: https://evil.example/a.tgz\n");
  expect(ended).toMatchObject({ code: 2, left: [], uploaded: [] });
  expect(ended.log).toContain(
    "millwright: refused: hello/hello.spec:4: https://evil.example/a.tgz is not fetched: the host evil.example is not allowed here.\n",
  );
});
