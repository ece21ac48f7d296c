import { open } from "node:fs/promises";
import { join } from "node:path";
import type { Service } from "../../pipelines/service/services.ts";
import { refused } from "../failure.ts";
import { visible } from "../progress.ts";
import { runProgram } from "../run-program.ts";
import type { Bench } from "./bench.ts";
import { compressionOf, unpacked } from "./compress.ts";
import { globs } from "./pattern.ts";

type Params = Service<"extract_file">["params"];

const MEMBERS = 300_000;
const ENV = { PATH: "/usr/local/bin:/usr/bin:/bin", LC_ALL: "C" };

/** extract_file: single files of a tarball. Nothing else of it is ever written. */
export async function runExtractFile(params: Params, bench: Bench): Promise<void> {
  const wanted = [...params.file, ...params.files].flatMap((patterns) => patterns.split(/\s+/));
  if (wanted.length === 0) throw refused("It needs a file that is to be extracted.");
  for (const archive of await bench.matching(params.archive))
    await extractFrom(archive, wanted, { params, bench });
}

interface Asked {
  readonly params: Params;
  readonly bench: Bench;
}

async function extractFrom(
  archive: string,
  wanted: readonly string[],
  { params, bench }: Asked,
): Promise<void> {
  if (!compressionOf(archive).plain.endsWith(".tar")) throw refused(`${visible(archive)} is no tarball.`);
  const tar = join(await bench.room(), "plain.tar");
  await unpacked(join(bench.dir, archive), tar, bench.net.limits.bytes);
  const members = await membersOf(tar);
  const found = wanted.flatMap((pattern) => {
    const isMeant = globs(pattern);
    const meant = members.filter(({ path }) => isMeant(path));
    if (meant.length === 0) throw refused(`${visible(archive)} holds no ${visible(pattern)}.`);
    return meant;
  });
  if (params.outfilename !== undefined && found.length > 1)
    throw refused(`${found.length} files would be called ${visible(params.outfilename)}.`);
  for (const member of found) {
    if (member.kind !== "-")
      throw refused(`${visible(member.path)} in ${visible(archive)} is no plain file.`);
    const file = params.outfilename ?? member.path.slice(member.path.lastIndexOf("/") + 1);
    await bench.make(file, (into) => writeMember(tar, member.path, into));
  }
}

interface Member {
  /** `-` is a file. */
  readonly kind: string;
  readonly path: string;
}

/** `-rw-r--r-- 0/0 12 2026-01-01 00:00 path`: names with blanks or worse are spelled out and never match. */
const LINE = /^(.)\S+ +\S+ +\d+ +\S+ +\S+ (\S+)/;

async function membersOf(tar: string): Promise<readonly Member[]> {
  const args = ["--list", "--verbose", "--numeric-owner", "--quoting-style=escape", `--file=${tar}`];
  const { code, out, err } = await runProgram({ program: "tar", args, env: ENV, cwd: "/" });
  if (code !== 0) throw refused(`The tarball cannot be read: ${err.slice(0, 300)}`);
  const lines = out.toString("utf8").split("\n").slice(0, -1);
  if (lines.length > MEMBERS) throw refused(`The tarball holds more than ${MEMBERS} files.`);
  return lines.flatMap((line) => {
    const [, kind = "", path = ""] = LINE.exec(line) ?? [];
    return path === "" || path.includes("\\") ? [] : [{ kind, path }];
  });
}

async function writeMember(tar: string, path: string, into: string): Promise<void> {
  const file = await open(into, "wx", 0o644);
  try {
    const args = [
      "--extract",
      "--to-stdout",
      "--no-wildcards",
      "--occurrence=1",
      `--file=${tar}`,
      "--",
      path,
    ];
    const { code, err } = await runProgram({ program: "tar", args, env: ENV, cwd: "/", into: file.fd });
    if (code !== 0) throw refused(`${visible(path)} cannot be read: ${err.slice(0, 300)}`);
  } finally {
    await file.close();
  }
}
