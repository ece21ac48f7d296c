import { createHash } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { XMLParser } from "fast-xml-parser";
import { verifyDetached } from "../../src/publish/openpgp.ts";

/** A package as clients find it. */
export interface Found {
  readonly name: string;
  readonly sha256: string;
  readonly url: string;
}

export interface Read {
  /** The address that the pointer gave, and the time the metadata tells. */
  readonly snapshot: string;
  readonly revision: number;
  readonly packages: readonly Found[];
}

/** Reads a target as a strict client would, with nothing but its address and the public key: pointer, signature, every
 *  digest, and each package once in each file. Shares no code with what writes them but the check of signatures. */
export async function readAsClient(
  targetUrl: string,
  { certificate, bodies = true }: { readonly certificate: string; readonly bodies?: boolean },
): Promise<Read> {
  const snapshot = text(await get(`${targetUrl}/mirrorlist`)).trimEnd();
  const repomd = await get(`${snapshot}repodata/repomd.xml`);
  await verifyDetached(certificate, repomd, text(await get(`${snapshot}repodata/repomd.xml.asc`)));
  const index = xml.parse(repomd).repomd;
  const document = async (type: string, root: string): Promise<readonly Element[]> => {
    const entry = index.data.find((data: Element) => data.type === type);
    const bytes = await get(snapshot + entry.location.href);
    equal(sha256(bytes), entry.checksum["#text"], entry.location.href);
    equal(String(bytes.length), entry.size, `size of ${type}`);
    const open = gunzipSync(bytes);
    equal(String(open.length), entry["open-size"], `open size of ${type}`);
    const { package: packages = [], packages: count } = xml.parse(open)[root];
    equal(String(packages.length), count, `packages in ${type}`);
    return packages;
  };
  const primary = await document("primary", "metadata");
  const ids = primary.map(({ checksum }): string => checksum["#text"]);
  equal(String(new Set(ids).size), String(ids.length), "packages that differ");
  for (const [type, root] of [
    ["filelists", "filelists"],
    ["other", "otherdata"],
  ] as const) {
    const others = (await document(type, root)).map(({ pkgid }): string => pkgid);
    equal(others.toSorted().join(), ids.toSorted().join(), type);
  }
  const packages = primary.map(({ name, checksum, location }) => ({
    name,
    sha256: checksum["#text"],
    url: new URL(location.href, snapshot).href,
  }));
  if (bodies) for (const { url, sha256: expected } of packages) equal(sha256(await get(url)), expected, url);
  return { snapshot, revision: Number(index.revision), packages };
}

// What the parser gives is of any shape; a shape that is not expected is a failure too.
type Element = any;

const xml = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: "",
  parseTagValue: false,
  parseAttributeValue: false,
  isArray: (name) => name === "data" || name === "package",
});

async function get(url: string): Promise<Uint8Array> {
  const answer = await fetch(url);
  const bytes = new Uint8Array(await answer.arrayBuffer());
  if (!answer.ok) throw new Error(`${url} answers ${answer.status}.`);
  return bytes;
}

function equal(actual: string, expected: string, what: string): void {
  if (actual !== expected) throw new Error(`${what}: ${actual} is not ${expected}.`);
}

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();
const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
