/** The metadata that clients read, in the order of `repomd.xml`. */
export const METADATA = ["primary", "filelists", "other"] as const;
export type Metadata = (typeof METADATA)[number];

/** What a snapshot says of its packages, file by file: metadata as createrepo_c writes it, and our own list. */
export type Kind = Metadata | "list";

/** What one file says of each package, by the digest of the package's file, in the order of the file. */
export type Elements = ReadonlyMap<string, Uint8Array>;

/** A document of packages: what comes before the first, the packages, what comes after the last. */
interface Document {
  readonly head: Buffer;
  readonly elements: Elements;
  readonly foot: Buffer;
}

/** Splits a document, or a part of it that has whole packages. In what createrepo_c writes, `<` and `>` of the packages'
 *  own words are always escaped: a linear scan cannot be led astray. */
export function split(kind: Kind, bytes: Buffer): Document {
  const elements = new Map<string, Uint8Array>();
  const { start, end } = MARKS[kind];
  const first = bytes.indexOf(start);
  let at = first < 0 ? bytes.lastIndexOf("</") : first;
  if (at < 0) at = bytes.length;
  const head = bytes.subarray(0, at);
  while (bytes.subarray(at, at + start.length).equals(start)) {
    const stop = bytes.indexOf(end, at);
    if (stop < 0) throw new Error(`A package in ${kind} does not end.`);
    const element = bytes.subarray(at, stop + end.length);
    const id = idOf(kind, element);
    if (elements.has(id)) throw new Error(`${kind} has ${id} twice.`);
    elements.set(id, element);
    at = stop + end.length;
  }
  return { head, elements, foot: bytes.subarray(at) };
}

interface Marks {
  readonly start: Buffer;
  readonly end: Buffer;
  /** What stands right before the digest. */
  readonly id: Buffer;
}

const marks = (start: string, end: string, id: string): Marks => ({
  start: Buffer.from(start),
  end: Buffer.from(end),
  id: Buffer.from(id),
});

const MARKS: Readonly<Record<Kind, Marks>> = {
  primary: marks('<package type="rpm">', "</package>\n", '<checksum type="sha256" pkgid="YES">'),
  filelists: marks('<package pkgid="', "</package>\n", '<package pkgid="'),
  other: marks('<package pkgid="', "</package>\n", '<package pkgid="'),
  list: marks('{"nevra":"', "\n", '"sha256":"'),
};

const DIGEST = 64;

function idOf(kind: Kind, element: Buffer): string {
  const { id } = MARKS[kind];
  const at = element.indexOf(id);
  const digest = element.toString("latin1", at + id.length, at + id.length + DIGEST);
  if (at < 0 || !/^[0-9a-f]{64}$/.test(digest)) throw new Error(`A package in ${kind} has no digest.`);
  return digest;
}
