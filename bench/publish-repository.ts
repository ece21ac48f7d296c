import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { mkdir, rename, stat, writeFile } from "node:fs/promises";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { createGzip } from "node:zlib";
import type { Kind, Metadata } from "../src/publish/elements.ts";
import { METADATA } from "../src/publish/elements.ts";
import { CHUNK } from "../src/publish/merge.ts";
import type { MergedFile } from "../src/publish/merge.ts";
import { pack, writePieces } from "../src/publish/members.ts";
import { synthetic } from "./publish-synthetic.ts";

/** A repository of packages that do not exist: its files in chunks, and what createrepo_c would have left of it. */
export interface Repository {
  readonly packages: number;
  readonly counts: readonly number[];
  readonly files: Readonly<Record<Kind, MergedFile>>;
  /** A directory with `repodata/`, each file one gzip member. */
  readonly plain: string;
  /** Bytes of the metadata, packed and not. */
  readonly size: number;
  readonly open: number;
}

/** Writes a repository of `packages` packages below `dir`. Only the metadata exists: nobody here opens an old package. */
export async function repositoryOf(packages: number, dir: string): Promise<Repository> {
  const plain = join(dir, "plain");
  await mkdir(join(plain, "repodata"), { recursive: true });
  const counts: number[] = [];
  const chunks: Record<Kind, Buffer[]> = { primary: [], filelists: [], other: [], list: [] };
  const documents = Object.fromEntries(
    METADATA.map((kind) => [kind, plainFile(join(plain, `${kind}.gz`))]),
  ) as Record<Metadata, ReturnType<typeof plainFile>>;
  for (const kind of METADATA) await documents[kind].write(Buffer.from(headOf(kind, packages)));
  for (let at = 0; at < packages; at += CHUNK) {
    const count = Math.min(CHUNK, packages - at);
    const made = Array.from({ length: count }, (_, i) => synthetic(at + i));
    counts.push(count);
    chunks.list.push(await pack(Buffer.concat(made.map(({ list }) => list))));
    for (const kind of METADATA) {
      const open = Buffer.concat(made.map((one) => one[kind]));
      chunks[kind].push(await pack(open));
      await documents[kind].write(open);
    }
  }
  for (const kind of METADATA) await documents[kind].write(Buffer.from(footOf(kind)));
  const told = await Promise.all(METADATA.map((kind) => documents[kind].end(plain, kind)));
  await writeFile(join(plain, "repodata/repomd.xml"), repomdOf(told));
  const written = async (kind: Kind): Promise<MergedFile> => {
    const framed = async (text: string) => (kind === "list" ? Buffer.alloc(0) : pack(Buffer.from(text)));
    const [head, foot] = kind === "list" ? ["", ""] : [headOf(kind, packages), footOf(kind)];
    const local = join(dir, kind);
    const pieces = { head: await framed(head), chunks: chunks[kind], foot: await framed(foot) };
    const file = await writePieces(local, pieces);
    const path = kind === "list" ? "packages.jsonl.gz" : `repodata/${file.sha256}-${kind}.xml.gz`;
    return { path, ...file, local };
  };
  return {
    packages,
    counts,
    files: {
      primary: await written("primary"),
      filelists: await written("filelists"),
      other: await written("other"),
      list: await written("list"),
    },
    plain,
    size: told.reduce((sum, { size }) => sum + size, 0),
    open: told.reduce((sum, { open }) => sum + open, 0),
  };
}

const ROOTS = {
  primary: ["metadata", "common"],
  filelists: ["filelists", "filelists"],
  other: ["otherdata", "other"],
} as const;

const headOf = (kind: Metadata, packages: number): string => {
  const [root, space] = ROOTS[kind];
  const rpm = kind === "primary" ? ' xmlns:rpm="http://linux.duke.edu/metadata/rpm"' : "";
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root} xmlns="http://linux.duke.edu/metadata/${space}"${rpm} packages="${packages}">\n`;
};
const footOf = (kind: Metadata): string => `</${ROOTS[kind][0]}>`;

/** A file that is packed as one member while it grows. */
function plainFile(file: string) {
  const gzip = createGzip();
  const out = createWriteStream(file);
  const [packed, unpacked] = [createHash("sha256"), createHash("sha256")];
  let open = 0;
  gzip.on("data", (bytes: Buffer) => packed.update(bytes));
  gzip.pipe(out);
  return {
    async write(bytes: Buffer): Promise<void> {
      unpacked.update(bytes);
      open += bytes.length;
      if (!gzip.write(bytes)) await once(gzip, "drain");
    },
    async end(plain: string, kind: Metadata) {
      gzip.end();
      await once(out, "close");
      const [sha256, openSha256] = [packed.digest("hex"), unpacked.digest("hex")];
      const path = `repodata/${sha256}-${kind}.xml.gz`;
      await rename(file, join(plain, path));
      return { kind, path, sha256, openSha256, open, size: (await stat(join(plain, path))).size };
    },
  };
}

type Told = Awaited<ReturnType<ReturnType<typeof plainFile>["end"]>>;

const repomdOf = (files: readonly Told[]): string => `<?xml version="1.0" encoding="UTF-8"?>
<repomd xmlns="http://linux.duke.edu/metadata/repo" xmlns:rpm="http://linux.duke.edu/metadata/rpm">
  <revision>1700000000</revision>
${files
  .map(
    (file) => `  <data type="${file.kind}">
    <checksum type="sha256">${file.sha256}</checksum>
    <open-checksum type="sha256">${file.openSha256}</open-checksum>
    <location href="${file.path}"/>
    <timestamp>1700000000</timestamp>
    <size>${file.size}</size>
    <open-size>${file.open}</open-size>
  </data>
`,
  )
  .join("")}</repomd>
`;
