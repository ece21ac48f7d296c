import { createReadStream, createWriteStream } from "node:fs";
import { type FileHandle, mkdir, open, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { refused } from "../failure.ts";
import { visible } from "../progress.ts";
import { END, MAGIC, padding } from "./cpio.ts";

type Kind = "directory" | "file" | "symlink";

interface Member {
  readonly path: string;
  readonly kind: Kind;
  readonly isProgram: boolean;
  readonly from: number;
  readonly size: number;
}

const MEMBERS = 300_000;
const HEADER = 110;

/**
 * Unpacks an archive into an empty directory and returns what stands at its top. All names are judged before the
 * first is written, and links come last, so that nothing is ever written through one.
 */
export async function unpackCpio(archive: string, into: string): Promise<readonly string[]> {
  const file = await open(archive);
  try {
    const members = await membersOf(file);
    for (const { path, kind } of members)
      await mkdir(kind === "directory" ? join(into, path) : dirname(join(into, path)), { recursive: true });
    for (const member of members) if (member.kind === "file") await writeMember(archive, member, into);
    for (const { path, kind, from, size } of members)
      if (kind === "symlink")
        await symlink((await bytes(file, from, size)).toString("utf8"), join(into, path));
    return [...new Set(members.map(({ path }) => path.split("/")[0] ?? ""))];
  } finally {
    await file.close();
  }
}

async function writeMember(
  archive: string,
  { path, isProgram, from, size }: Member,
  into: string,
): Promise<void> {
  const to = createWriteStream(join(into, path), { flags: "wx", mode: isProgram ? 0o755 : 0o644 });
  if (size === 0) await new Promise<void>((done) => void to.end(done));
  else await pipeline(createReadStream(archive, { start: from, end: from + size - 1 }), to);
}

async function membersOf(file: FileHandle): Promise<readonly Member[]> {
  const { size } = await file.stat();
  const members: Member[] = [];
  const kinds = new Map<string, Kind>();
  for (let at = 0; ;) {
    const { member, next } = await memberAt(file, at);
    if (!member) return members;
    if (next > size) throw broken("it ends in the middle of a file");
    at = next;
    if (member.path === ".") continue;
    const parents = parentsOf(member.path);
    const before = kinds.get(member.path);
    if (before && (before !== "directory" || member.kind !== "directory"))
      throw broken(`${visible(member.path)} stands in it twice`);
    if (parents.some((parent) => (kinds.get(parent) ?? "directory") !== "directory"))
      throw broken(`${visible(member.path)} is below something that is no directory`);
    for (const parent of parents) kinds.set(parent, "directory");
    kinds.set(member.path, member.kind);
    members.push(member);
    if (members.length > MEMBERS) throw broken(`it holds more than ${MEMBERS} files`);
  }
}

async function memberAt(file: FileHandle, at: number) {
  const head = (await bytes(file, at, HEADER)).toString("latin1");
  if (!head.startsWith(MAGIC)) throw broken("it is no cpio archive of the newc format");
  const field = (index: number) => numberIn(head.slice(6 + index * 8, 14 + index * 8));
  const [mode, links, size, length] = [field(1), field(4), field(6), field(11)];
  if (length > 4096) throw broken("a name in it is too long");
  const name = (await bytes(file, at + HEADER, length)).toString("utf8").replace(/\0$/, "");
  const from = at + HEADER + length + padding(HEADER + length);
  const next = from + size + padding(size);
  if (name === END) return { next };
  const kind = KINDS.get(mode >> 12);
  if (!kind) throw broken(`${visible(name)} is neither a file, a directory nor a link`);
  if (kind === "file" && links > 1) throw broken(`${visible(name)} is a hard link`);
  if (kind === "symlink" && size > 4096) throw broken(`the target of ${visible(name)} is too long`);
  return { member: { path: plain(name), kind, isProgram: (mode & 0o100) !== 0, from, size }, next };
}

const KINDS: ReadonlyMap<number, Kind> = new Map([
  [0o04, "directory"],
  [0o10, "file"],
  [0o12, "symlink"],
]);

async function bytes(file: FileHandle, at: number, length: number): Promise<Buffer> {
  const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, at);
  if (bytesRead < length) throw broken("it ends too early");
  return buffer;
}

function numberIn(hex: string): number {
  if (!/^[0-9a-fA-F]{8}$/.test(hex)) throw broken("a number in it is none");
  return Number.parseInt(hex, 16);
}

/** The path below the directory that it is unpacked into. */
function plain(name: string): string {
  if (name === "." || name === "./") return ".";
  const path = name.replace(/^\.\//, "").replace(/\/$/, "");
  const parts = path.split("/");
  if (parts.some((part) => part === "" || part === "." || part === "..") || path.includes("\0"))
    throw broken(`${visible(name)} leads out of it`);
  return path;
}

const parentsOf = (path: string): readonly string[] =>
  path
    .split("/")
    .slice(0, -1)
    .map((_, at, parts) => parts.slice(0, at + 1).join("/"));

const broken = (because: string) => refused(`The archive is not unpacked: ${because}.`);
