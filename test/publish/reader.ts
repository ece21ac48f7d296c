import { createHash } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { XMLParser } from "fast-xml-parser";
import { z } from "zod";
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
  const index = Repomd.parse(xml.parse(repomd)).repomd;
  const document = async (type: string, root: string) => {
    const entry = index.data.find((data) => data.type === type);
    if (!entry) throw new Error(`repomd.xml names no ${type}.`);
    const bytes = await get(snapshot + entry.location.href);
    equal(sha256(bytes), entry.checksum["#text"], entry.location.href);
    equal(String(bytes.length), entry.size, `size of ${type}`);
    const open = gunzipSync(bytes);
    equal(String(open.length), entry["open-size"], `open size of ${type}`);
    const { package: packages = [], packages: count } = Document.parse(xml.parse(open)[root]);
    equal(String(packages.length), count, `packages in ${type}`);
    return packages;
  };
  const packages = (await document("primary", "metadata")).map(({ name, checksum, location }) => ({
    name: String(name),
    sha256: checksum?.["#text"] ?? "",
    url: new URL(location?.href ?? "", snapshot).href,
  }));
  const ids = packages.map(({ sha256 }) => sha256).toSorted();
  equal(String(new Set(ids).size), String(ids.length), "packages that differ");
  for (const [type, root] of [
    ["filelists", "filelists"],
    ["other", "otherdata"],
  ] as const) {
    const others = (await document(type, root)).map(({ pkgid = "" }) => pkgid);
    equal(others.toSorted().join("\n"), ids.join("\n"), type);
  }
  if (bodies) for (const { url, sha256: expected } of packages) equal(sha256(await get(url)), expected, url);
  return { snapshot, revision: Number(index.revision), packages };
}

const Text = z.object({ "#text": z.string() });
const Place = z.object({ href: z.string() });
const Data = z.object({
  type: z.string(),
  checksum: Text,
  location: Place,
  size: z.string(),
  "open-size": z.string(),
});
const Repomd = z.object({ repomd: z.object({ revision: z.string(), data: z.array(Data) }) });

/** A package as any of the three files has it; each has fields of its own. */
const Element = z.object({
  name: z.unknown(),
  pkgid: z.optional(z.string()),
  checksum: z.optional(Text),
  location: z.optional(Place),
});
const Document = z.object({ packages: z.string(), package: z.optional(z.array(Element)) });

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
