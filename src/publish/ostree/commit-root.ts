import { hash } from "node:crypto";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import { list, text, variantOf } from "../../pipelines/ostree/gvariant.ts";
import { readCommit, readTree } from "./local-repository.ts";
import type { LocalRepository, Tree } from "./local-repository.ts";
import { objectPath, refPath } from "../../pipelines/ostree/names.ts";
import type { ObjectKind } from "../../pipelines/ostree/names.ts";
import { CANONICAL, LINK_MODE, fileReader, sumOf } from "./read-root.ts";
import { commitShape, rightsShape, treeShape } from "../../pipelines/ostree/shapes.ts";

/** A directory that is to become the next commit of a ref. */
export interface Root {
  readonly root: string;
  readonly ref: string;
  readonly at: Date;
  readonly version?: string | undefined;
  /** The commit that it follows; the repository has it. */
  readonly parent?: string | undefined;
}

const DIRECTORY = 0o40000;
const NOTHING: Tree = { files: new Map(), folders: new Map() };

/** Commits a directory into a `bare-user-only` repository, to the same tree as `ostree commit --canonical-permissions
 *  --no-xattrs`, and gives the commit; or its parent, if the tree is the same. What is there already is read and hashed, and
 *  not written once more: that is nearly all of what the tool spends, and nearly all of a nightly tree. */
export function commitRoot(repository: LocalRepository, asked: Root): string {
  const { root, ref, at, version, parent } = asked;
  const before = parent === undefined ? undefined : readCommit(repository, parent);
  const keep = keeperOf(repository);
  const rightsOf = (path: string): Buffer =>
    keep("dirmeta", rightsShape.write([0, 0, DIRECTORY | (lstatSync(path).mode & CANONICAL), []]));
  const read = fileReader();
  const commitFolder = (path: string, old: string | undefined): Buffer => {
    const known = (old === undefined ? undefined : readTree(repository, old)) ?? NOTHING;
    const files: [string, Buffer][] = [];
    const folders: [string, Buffer, Buffer][] = [];
    for (const entry of readdirSync(path, { withFileTypes: true }).toSorted(byName)) {
      const { name } = entry;
      const place = `${path}/${name}`;
      if (entry.isDirectory())
        folders.push([name, commitFolder(place, known.folders.get(name)?.tree), rightsOf(place)]);
      else if (entry.isSymbolicLink()) files.push([name, keepLink(repository, readlinkSync(place))]);
      else if (entry.isFile()) {
        const file = read(place);
        if (file.sum !== known.files.get(name)) keepFile(repository, file);
        files.push([name, Buffer.from(file.sum, "hex")]);
      } else throw new Error(`${place} is neither a file, a link nor a folder.`);
    }
    return keep("dirtree", treeShape.write([files, folders]));
  };
  const [tree, rights] = [commitFolder(root, before?.tree), rightsOf(root)];
  if (before && parent !== undefined && before.tree === tree.toString("hex")) return parent;
  const metadata = [
    ...(version === undefined ? [] : [["version", variantOf("s", text, version)] as const]),
    ["ostree.ref-binding", variantOf("as", list(text), [ref])] as const,
  ];
  const seconds = BigInt(Math.floor(at.getTime() / 1000));
  const follows = Buffer.from(parent ?? "", "hex");
  const commit = keep("commit", commitShape.write([metadata, follows, [], "", "", seconds, tree, rights]));
  const place = `${repository.dir}/${refPath(ref)}`;
  mkdirSync(dirname(place), { recursive: true });
  writeFileSync(place, `${commit.toString("hex")}\n`);
  return commit.toString("hex");
}

/** Writes what is not there and gives its checksum. */
const keeperOf =
  ({ dir }: LocalRepository) =>
  (kind: ObjectKind, bytes: Buffer): Buffer => {
    const sum = hash("sha256", bytes);
    writeOnce(`${dir}/${objectPath({ kind, sum })}`, (file) => writeFileSync(file, bytes));
    return Buffer.from(sum, "hex");
  };

function keepFile(
  { dir }: LocalRepository,
  { sum, mode, content }: ReturnType<ReturnType<typeof fileReader>>,
) {
  const path = `${dir}/${objectPath({ kind: "file", sum })}`;
  writeOnce(path, (file) => writeFileSync(file, content(), { mode }));
}

function keepLink({ dir }: LocalRepository, to: string): Buffer {
  const sum = sumOf(LINK_MODE, to, Buffer.alloc(0));
  writeOnce(`${dir}/${objectPath({ kind: "file", sum })}`, (file) => symlinkSync(to, file));
  return Buffer.from(sum, "hex");
}

/** Whole or not at all: the next commit believes what it finds. */
function writeOnce(path: string, write: (file: string) => void): void {
  if (existsSync(path)) return;
  mkdirSync(dirname(path), { recursive: true });
  write(`${path}.part`);
  renameSync(`${path}.part`, path);
}

const byName = ({ name: a }: { readonly name: string }, { name: b }: { readonly name: string }): number =>
  Buffer.compare(Buffer.from(a), Buffer.from(b));
