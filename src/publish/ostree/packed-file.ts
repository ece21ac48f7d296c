import { createHash } from "node:crypto";
import { closeSync, constants, fstatSync, lstatSync, openSync, readFileSync, readlinkSync } from "node:fs";
import type { Stats } from "node:fs";
import { promisify } from "node:util";
import { deflateRaw, inflateRawSync } from "node:zlib";
import type { LocalRepository } from "./local-repository.ts";
import { objectPath } from "../../pipelines/ostree/names.ts";
import { LINK_MODE, sized, sumOf } from "./read-root.ts";
import { headerShape, packedHeaderShape } from "../../pipelines/ostree/shapes.ts";

const TYPE_MASK = 0o170000;
const REGULAR = 0o100000;
/** What ostree uses too. */
const LEVEL = 6;

/** A file of a repository as a mirror has it: its header, and its content compressed. What a `bare-user-only` repository
 *  has is held against its checksum; an `archive` has it in this form already. */
export async function packedFile(repository: LocalRepository, sum: string): Promise<Buffer> {
  if (repository.mode === "archive")
    return readFileSync(`${repository.dir}/${objectPath({ kind: "filez", sum })}`);
  const path = objectPath({ kind: "file", sum });
  const { mode, link, content } = readBare(`${repository.dir}/${path}`);
  if (sumOf(mode, link, content) !== sum) throw new Error(`${path} is not what its name says.`);
  const packed = sized(packedHeaderShape.write([BigInt(content.length), 0, 0, mode, 0, link, []]));
  return link === "" ? Buffer.concat([packed, await deflate(content, { level: LEVEL })]) : packed;
}

/** Throws unless what an `archive` has under a name is what the name says. */
export function checkPacked(packed: Buffer, sum: string): void {
  const content = 8 + packed.readUInt32BE();
  const [size, owner, group, mode, , link, attributes] = packedHeaderShape.read(packed.subarray(8, content));
  const header = headerShape.write([owner, group, mode, 0, link, attributes]);
  const maxOutputLength = Number(size) + 1;
  const open = link === "" ? inflateRawSync(packed.subarray(content), { maxOutputLength }) : "";
  if (createHash("sha256").update(sized(header)).update(open).digest("hex") !== sum)
    throw new Error(`${objectPath({ kind: "filez", sum })} is not what its name says.`);
}

const deflate = promisify<Buffer, { readonly level: number }, Buffer>(deflateRaw);

/** Links are never followed: what is read is the repository's own. At once, as with metadata: most files are small. */
function readBare(path: string) {
  if (lstatSync(path).isSymbolicLink())
    return { mode: LINK_MODE, link: readlinkSync(path), content: Buffer.alloc(0) };
  const file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    return { mode: modeOf(fstatSync(file), path), link: "", content: readFileSync(file) };
  } finally {
    closeSync(file);
  }
}

function modeOf({ mode }: Stats, path: string): number {
  if ((mode & TYPE_MASK) !== REGULAR) throw new Error(`${path} is neither a file nor a link.`);
  return mode;
}
