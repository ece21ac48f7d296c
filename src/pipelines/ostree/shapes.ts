import { bytes, dictionary, list, text, tuple, u32, u64 } from "./gvariant.ts";
import type { Shape } from "./gvariant.ts";

/** What ostree's objects are made of, from its manual and `ostree-core.h`. Checksums are 32 bytes of SHA-256. */

const attributes = list(tuple(bytes, bytes));

/** Metadata, parent (empty: none), related objects, subject, body, time in seconds, and the root's tree and rights. */
export const commitShape = tuple(dictionary, bytes, list(tuple(text, bytes)), text, text, u64, bytes, bytes);

/** Files by name, and folders by name with their tree and their rights. */
export const treeShape = tuple(list(tuple(text, bytes)), list(tuple(text, bytes, bytes)));

/** A folder's owner, group, mode and attributes. */
export const rightsShape = tuple(u32, u32, u32, attributes);

/** Owner, group, mode, device, target of a link, attributes: hashed before a file's content. */
export const headerShape = tuple(u32, u32, u32, u32, text, attributes);

/** The same with the size of the content, before the content of a compressed file. */
export const packedHeaderShape = tuple(u64, u32, u32, u32, u32, text, attributes);

/** Signatures beside a commit or a summary: a list of OpenPGP's, detached. */
export const signaturesShape = list(bytes);

/** Of each ref: the size of its commit, its checksum, and more. */
export const summaryShape = tuple(list(tuple(text, tuple(u64, bytes, dictionary))), dictionary);

/** A value that is passed on as it is. */
const opaque: Shape<Buffer> = { ...bytes, align: 8 };

/** What leads through a static delta: metadata, time, from, to, the commit, deltas that it needs, parts, and objects that are
 *  not in it. */
export const superblockShape = tuple(dictionary, u64, bytes, bytes, opaque, bytes, opaque, opaque);
export const deltaPartsShape = list(tuple(u32, bytes, u64, u64, bytes));
