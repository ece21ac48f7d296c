import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { digestOf } from "./checksums.ts";
import { infrastructure } from "./failure.ts";
import { runProgram } from "./run-program.ts";

/**
 * Packs `SPECS` and `SOURCES` of `dir` into `bundle.tar`: the same files give the same bytes, whoever packs
 * them and whenever. Times are 1970, so that a commit which touches nothing here gives the same digest.
 */
export async function packBundle(dir: string, into: string): Promise<void> {
  const args = ["--create", `--file=${into}`, `--directory=${dir}`, ...SAME, "SPECS", "SOURCES"];
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
  readonly sources: readonly { readonly file: string; readonly url?: string; readonly sha256: string }[];
}

/** Writes `facts.json` and then `SHA256SUMS` of both files. Returns the names in the order of upload. */
export async function writeResults(dir: string, facts: Facts): Promise<readonly string[]> {
  await writeFile(join(dir, "facts.json"), `${JSON.stringify(facts, null, 2)}\n`);
  const bundle = await digestOf(join(dir, "bundle.tar"), "sha256");
  const told = createHash("sha256")
    .update(await readFile(join(dir, "facts.json")))
    .digest("hex");
  await writeFile(join(dir, "SHA256SUMS"), `${bundle}  bundle.tar\n${told}  facts.json\n`);
  return ["bundle.tar", "facts.json", "SHA256SUMS"];
}
