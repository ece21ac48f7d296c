import { rm } from "node:fs/promises";
import { infrastructure } from "../failure.ts";
import { runProgram } from "../run-program.ts";
import { compressionOf, packed } from "./compress.ts";

/** A directory `top` in `dir` that is packed as it was at one time (in seconds). */
export interface Packing {
  readonly dir: string;
  readonly top: string;
  readonly mtime: number;
}

/** Packs a tarball: the same files give the same bytes, whoever packs them and whenever. */
export async function packTar(
  { dir, top, mtime }: Packing,
  { into, extension }: { into: string; extension: string },
): Promise<void> {
  const { how } = compressionOf(extension);
  const plain = how === "none" ? into : `${into}.plain`;
  const args = ["--create", `--file=${plain}`, `--directory=${dir}`, ...SAME, `--mtime=@${mtime}`, "--", top];
  const ran = await runProgram({ program: "tar", args, env: ENV, cwd: dir });
  if (ran.code !== 0) throw infrastructure(`tar: ${ran.err.slice(0, 500)}`);
  if (how === "none") return;
  await packed(plain, into, how);
  await rm(plain);
}

const SAME = [
  "--format=gnu",
  "--sort=name",
  "--owner=0",
  "--group=0",
  "--numeric-owner",
  "--mode=u=rwX,go=rX",
];
const ENV = { PATH: "/usr/local/bin:/usr/bin:/bin", LC_ALL: "C" };
