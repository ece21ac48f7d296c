import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { BUNDLE, SPEC } from "../pipelines/manifest/manifest.ts";
import { FACTS, SUMS } from "../pipelines/results.ts";
import { digestOf } from "./checksums.ts";
import { infrastructure } from "./failure.ts";
import { runProgram } from "./run-program.ts";

/**
 * Packs folders of `dir` into `bundle.tar`: the same files give the same bytes, whoever packs
 * them and whenever. Times are 1970, so that a commit which touches nothing here gives the same digest.
 */
export async function packBundle(dir: string, into: string, folders = ["SPECS", "SOURCES"]): Promise<void> {
  const args = ["--create", `--file=${into}`, `--directory=${dir}`, ...SAME, ...folders];
  const ran = await runProgram({ program: "tar", args, env: ENV, cwd: dir });
  if (ran.code !== 0) throw infrastructure(`tar: ${ran.err.slice(0, 500)}`);
}

const SAME = [
  "--format=gnu",
  "--sort=name",
  "--mtime=@0",
  "--owner=0",
  "--group=0",
  "--numeric-owner",
  "--mode=u=rwX,go=rX",
];
const ENV = { PATH: "/usr/local/bin:/usr/bin:/bin", LC_ALL: "C" };

/** What the bundle is made of. */
export interface Facts {
  readonly name: string;
  /** SOURCE_DATE_EPOCH in seconds. */
  readonly epoch: number;
  /** SHA of the tree that was built from. */
  readonly merged: string;
  /** Digest of the program that packed it, in hex. */
  readonly tool?: string;
  readonly sources: readonly {
    readonly file: string;
    readonly url?: string | undefined;
    /** The commit of `url` that it was made of. */
    readonly commit?: string | undefined;
    /** What OBS would call the file, if a source service made it. */
    readonly service?: string | undefined;
    readonly sha256: string;
  }[];
}

/**
 * Writes the spec and `facts.json`, and then `SHA256SUMS` of all, also of what is `left` for the next stage. Returns the
 * names in the order of upload.
 */
export async function writeResults(
  dir: string,
  spec: string,
  { facts, left }: { readonly facts: Facts; readonly left: readonly string[] },
): Promise<readonly string[]> {
  await writeFile(join(dir, SPEC), spec);
  await writeFile(join(dir, FACTS), `${JSON.stringify(facts, null, 2)}\n`);
  const names = [BUNDLE, SPEC, FACTS, ...left];
  const sums = names.map(async (name) => `${await digestOf(join(dir, name), "sha256")}  ${name}\n`);
  await writeFile(join(dir, SUMS), (await Promise.all(sums)).join(""));
  return [...names, SUMS];
}
