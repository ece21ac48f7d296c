import { execFile } from "node:child_process";
import { hash } from "node:crypto";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { localRepository } from "../../../src/publish/ostree/local-repository.ts";
import type { Mirror } from "../../../src/publish/mirror.ts";
import type { Shelf } from "../../../src/publish/ostree/put-pool.ts";

const run = promisify(execFile);

export async function ostree(...args: readonly string[]): Promise<string> {
  const env = { PATH: process.env["PATH"], HOME: "/nonexistent", LC_ALL: "C", TZ: "UTC" };
  return (await run("ostree", args, { env })).stdout.trim();
}

export const REF = "acme/stable/x86_64";

/** A repository of one ref, and how commits come to be in it. */
export async function composer(dir: string, mode = "bare-user-only") {
  const repo = join(dir, `repo-${mode}`);
  await ostree("init", `--repo=${repo}`, `--mode=${mode}`);
  return {
    repository: await localRepository(repo),
    /** Commits these files; `day`: of March 2026. */
    async commit(files: Readonly<Record<string, string>>, day: number, ref = REF): Promise<string> {
      const root = join(dir, `root-${ref.replaceAll("/", "-")}-${day}`);
      for (const [path, content] of Object.entries(files)) {
        await mkdir(join(root, path, ".."), { recursive: true });
        await writeFile(join(root, path), content);
        if (path.includes("bin/")) await chmod(join(root, path), 0o755);
      }
      const options = [`--branch=${ref}`, "--canonical-permissions", "--no-xattrs"];
      const date = `2026-03-0${day}`;
      const told = [`--timestamp=${date}T00:00:00Z`, `--add-metadata-string=version=2026030${day}_01`];
      return ostree("commit", `--repo=${repo}`, ...options, ...told, `--tree=dir=${root}`);
    },
    delta: (from: string, to: string) =>
      ostree("static-delta", "generate", `--repo=${repo}`, `--from=${from}`, `--to=${to}`),
  };
}

/** A system's files, of which some tell of a day. */
export function system(day: number): Readonly<Record<string, string>> {
  const programs = Array.from({ length: 12 }, (_, n) => [`usr/bin/program-${n}`, `program ${n}\n`] as const);
  const lines = Array.from({ length: 20_000 }, (_, n) => `${n * 7919}\n`).join("");
  return {
    ...Object.fromEntries(programs),
    "usr/lib/library": `${lines}day ${day}\n${lines}`,
    "usr/share/doc/same": "the same\n",
    "usr/etc/release": `day ${day}\n`,
  };
}

export const shelfOf = (mirror: Mirror): Shelf => ({
  async put(key, body) {
    await mirror.put(key, body);
    return hash("sha256", body);
  },
});

const STRICT = ["--set=gpg-verify-summary=true"];

/** A client's repository that trusts a key and knows one address. */
export async function client(
  dir: string,
  at: { readonly url: string; readonly certificate: string },
  options: readonly string[] = STRICT,
) {
  const home = await mkdtemp(join(dir, "client-"));
  const repo = join(home, "repo");
  const key = join(home, "key.asc");
  await writeFile(key, at.certificate);
  await ostree("init", `--repo=${repo}`, "--mode=bare-user-only");
  const trust = ["--set=gpg-verify=true", `--gpg-import=${key}`, ...options];
  await ostree("remote", "add", `--repo=${repo}`, ...trust, "acme", `${at.url}/ostree`);
  return {
    repo,
    pull: async (ref = REF): Promise<string> => {
      await ostree("pull", `--repo=${repo}`, "acme", ref);
      return ostree("rev-parse", `--repo=${repo}`, `acme:${ref}`);
    },
    read: (path: string, ref = REF) => ostree("cat", `--repo=${repo}`, `acme:${ref}`, path),
    forget: () => rm(home, { recursive: true }),
  };
}
