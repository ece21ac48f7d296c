import { XMLParser } from "fast-xml-parser";
import { z } from "zod";

/** A file that `repomd.xml` names; sizes in bytes, `open` when unpacked. */
export interface Indexed {
  readonly type: string;
  readonly href: string;
  readonly sha256: string;
  readonly size: number;
  readonly open: number;
}

/** Reads a `repomd.xml`, with nothing in common with what writes it. `revision` is Unix time. */
export function readIndex(repomd: Uint8Array): {
  readonly revision: number;
  readonly files: readonly Indexed[];
} {
  const { revision, data } = Repomd.parse(xml.parse(repomd)).repomd;
  const files = data.map((one) => ({
    type: one.type,
    href: one.location.href,
    sha256: one.checksum["#text"],
    size: one.size,
    open: one["open-size"],
  }));
  return { revision, files };
}

/** Digests and versions are made of digits at times: nothing is a number here. Names of packages hold no entities. */
export const xml = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: "",
  parseTagValue: false,
  parseAttributeValue: false,
  processEntities: false,
  isArray: (...[name, , , isAttribute]) => !isAttribute && (name === "data" || name === "package"),
});

const count = z.string().regex(/^\d+$/).transform(Number);

const Repomd = z.object({
  repomd: z.object({
    revision: count,
    data: z.array(
      z.object({
        type: z.string(),
        location: z.object({ href: z.string() }),
        checksum: z.object({ type: z.literal("sha256"), "#text": z.string() }),
        size: count,
        "open-size": count,
      }),
    ),
  }),
});
