/** The metadata of one publication and nothing else, as a process of its own: reads a base and one package from disk,
 *  writes the files of the next snapshot; with a fourth word it also computes what `open-checksum` would say. Bundled and run by publish-one.ts. */
import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { describe } from "../src/publish/describe.ts";
import { METADATA } from "../src/publish/elements.ts";
import { cut, unpack } from "../src/publish/members.ts";
import { merge } from "../src/publish/merge.ts";
import type { MergedFile } from "../src/publish/merge.ts";
import type { Repository } from "./publish-repository.ts";
import { poolPath } from "../src/publish/nevra.ts";
import { repomdXml } from "../src/publish/repomd.ts";
import { tools } from "../src/publish/tools.ts";

const [base = "", rpm = "", dir = "", open] = process.argv.slice(2);
const { counts, files } = JSON.parse(await readFile(base, "utf8")) as Repository;
await mkdir(join(dir, "repodata"), { recursive: true });
const sha256 = createHash("sha256")
  .update(await readFile(rpm))
  .digest("hex");
const file = rpm.slice(rpm.lastIndexOf("/") + 1);
const entry = {
  nevra: file.slice(0, -".rpm".length),
  sha256,
  unsigned: sha256,
  size: (await stat(rpm)).size,
  name: "new",
  file,
  path: poolPath(sha256, file),
  run: "run",
};
const run = tools({ path: process.env["PATH"] ?? "", home: dir });
const at = new Date(1_800_000_000_000);
const description = await describe(run, dir, { fresh: [{ package: entry, local: rpm }], at });
const snapshot = {
  v: 1,
  target: "",
  run: "",
  at: "",
  base: 0,
  revision: 0,
  counts,
  files,
  repomd: "",
} as const;
const merged = await merge(
  { snapshot, read: (kind) => readFile(files[kind].local) },
  { withdrawn: [], fresh: [entry], description },
  dir,
);
await writeFile(join(dir, "repodata/repomd.xml"), repomdXml(merged.files, 1_800_000_000));
if (open !== undefined) for (const kind of METADATA) await openChecksum(merged.files[kind]);
process.stdout.write(JSON.stringify(merged.counts.reduce((sum, count) => sum + count, 0)));

/** What `open-checksum` would cost: all of a file is unpacked, member by member. */
async function openChecksum(file: MergedFile): Promise<string> {
  const { head, chunks, foot } = cut(await readFile(file.local), file);
  const hash = createHash("sha256");
  for (const member of [head, ...chunks, foot]) hash.update(await unpack(member));
  return hash.digest("hex");
}
