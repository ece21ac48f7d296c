import { gunzipSync } from "node:zlib";
import { XMLParser } from "fast-xml-parser";
import { z } from "zod";
import { UP } from "./metadata.ts";
import { sha256 } from "./snapshot.ts";
import type { Package } from "./snapshot.ts";

/** Throws unless the metadata is whole: every file that `repomd.xml` names has its digest, and the packages are these,
 *  each where it is and with its digest. `read` gives a file of `repodata/` by name. */
export async function checkWhole(
  read: (name: string) => Promise<Uint8Array>,
  packages: readonly Package[],
): Promise<void> {
  const { repomd } = Repomd.parse(xml.parse(await read("repomd.xml")));
  for (const { type, location, checksum } of repomd.data) {
    const bytes = await read(location.href.replace(/^repodata\//, ""));
    if (sha256(bytes) !== checksum["#text"]) throw new Error(`${location.href} is not what repomd.xml says.`);
    if (type === "primary") compare(bytes, packages);
  }
  if (!repomd.data.some(({ type }) => type === "primary"))
    throw new Error("repomd.xml names no primary.xml.");
}

function compare(primary: Uint8Array, packages: readonly Package[]): void {
  const { metadata } = Primary.parse(xml.parse(gunzipSync(primary)));
  const listed = (metadata.package ?? []).map(
    ({ checksum, location }) => `${checksum["#text"]} ${location.href}`,
  );
  const expected = packages.map((entry) => `${entry.sha256} ${UP}${entry.path}`);
  const known = new Set(expected);
  if (listed.length !== known.size || !listed.every((line) => known.has(line)))
    throw new Error(`The metadata lists ${listed.length} packages that are not the ${known.size} it should.`);
}

// Digests are made of digits at times: nothing is a number here.
const xml = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: "",
  parseTagValue: false,
  parseAttributeValue: false,
  processEntities: false,
  isArray: (name) => name === "data" || name === "package",
});

const location = z.object({ href: z.string() });
const checksum = z.object({ type: z.literal("sha256"), "#text": z.string() });
const Repomd = z.object({
  repomd: z.object({ data: z.array(z.object({ type: z.string(), location, checksum })) }),
});
const Primary = z.object({
  metadata: z.object({ package: z.optional(z.array(z.object({ location, checksum }))) }),
});
