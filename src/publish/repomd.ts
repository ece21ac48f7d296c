import { XMLParser } from "fast-xml-parser";
import { z } from "zod";
import { METADATA } from "./elements.ts";
import type { Metadata } from "./elements.ts";
import type { MergedFile } from "./merge.ts";

/** The index of the metadata as createrepo_c writes it, but without `open-checksum`: to know it, all that did not change
 *  would have to be unpacked. The format does not ask for it, and clients check what they download by `checksum`. */
export function repomdXml(files: Readonly<Record<Metadata, MergedFile>>, revision: number): Buffer {
  const data = METADATA.map((type) => {
    const { path, sha256, size, open } = files[type];
    return `  <data type="${type}">
    <checksum type="sha256">${sha256}</checksum>
    <location href="${path}"/>
    <timestamp>${revision}</timestamp>
    <size>${size}</size>
    <open-size>${open}</open-size>
  </data>
`;
  });
  return Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>
<repomd xmlns="http://linux.duke.edu/metadata/repo" xmlns:rpm="http://linux.duke.edu/metadata/rpm">
  <revision>${revision}</revision>
${data.join("")}</repomd>
`);
}

/** A file that `repomd.xml` names; `href` is below the snapshot. */
export interface Named {
  readonly type: string;
  readonly href: string;
  readonly sha256: string;
  readonly size: number;
}

/** Which files a `repomd.xml` names, each type once. */
export function filesNamed(repomd: Uint8Array): readonly Named[] {
  const { data } = Repomd.parse(xml.parse(repomd)).repomd;
  const named = data.map(({ type, location, checksum, size }) => ({
    type,
    href: location.href,
    sha256: checksum["#text"],
    size,
  }));
  const types = named.map(({ type }) => type);
  if (new Set(types).size !== types.length) throw new Error("repomd.xml names a type of metadata twice.");
  for (const type of METADATA) if (!types.includes(type)) throw new Error(`repomd.xml names no ${type}.xml.`);
  return named;
}

// Digests are made of digits at times: nothing is a number here.
const xml = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: "",
  parseTagValue: false,
  parseAttributeValue: false,
  processEntities: false,
  isArray: (name) => name === "data",
});

const Repomd = z.object({
  repomd: z.object({
    data: z.array(
      z.object({
        type: z.string(),
        location: z.object({ href: z.string() }),
        checksum: z.object({ type: z.literal("sha256"), "#text": z.string() }),
        size: z.coerce.number<string>(),
      }),
    ),
  }),
});
