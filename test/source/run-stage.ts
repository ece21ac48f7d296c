import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serveBucket, serveFiles } from "./bucket.ts";
import { type Files, makeRepository, serveGit } from "./git-server.ts";

export const TOKEN = "ghs_0123456789";

/** Runs the source stage as CodeBuild does: a process with two variables of ours, for a commit with these files. */
export async function runStage(plan: {
  readonly files: Files;
  /** What else the manifest says; `origin` is that of a web server with `served`. */
  readonly manifest: (origin: string) => { readonly job: string } & Readonly<Record<string, unknown>>;
  readonly served?: Readonly<Record<string, Buffer>>;
}) {
  const root = await mkdtemp(join(tmpdir(), "source-stage-"));
  const head = makeRepository(root).commit(plan.files);
  const [git, bucket, web] = await Promise.all([serveGit(root, TOKEN), serveBucket(), serveFiles()]);
  for (const [path, body] of Object.entries(plan.served ?? {})) web.routes.set(path, { body });
  const manifest = {
    v: 1,
    repo: { url: `${git.origin}/packages.git`, token: TOKEN },
    head,
    upload: { url: bucket.origin, fields: { key: "${filename}" } },
    ...plan.manifest(web.origin),
  };
  web.routes.set("/manifest?secret=1", { body: JSON.stringify(manifest) });
  const temp = await mkdtemp(join(root, "tmp-"));
  const child = spawn(process.execPath, ["src/source/main.ts"], {
    env: {
      TMPDIR: temp,
      MILLWRIGHT_MANIFEST: `${web.origin}/manifest?secret=1`,
      MILLWRIGHT_JOB: manifest.job,
    },
  });
  let log = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (log += chunk));
  const [code] = (await once(child, "close")) as [number];
  const left = await readdir(temp);
  await Promise.all([git.close(), bucket.close(), web.close()]);
  await rm(root, { recursive: true, force: true });
  return { code, log, left, bucket };
}
