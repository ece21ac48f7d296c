import { z } from "zod";
import type { Metadata } from "../publish/elements.ts";
import type { Members } from "../publish/members.ts";
import type { Package } from "../publish/package-list.ts";
import { amiss } from "./finding.ts";
import { xml } from "./index-file.ts";
import type { Chunks } from "./listed.ts";
import { unpacked } from "./members.ts";
import { reading } from "./net.ts";
import type { Net } from "./net.ts";
import { disagrees } from "./words.ts";

interface File {
  readonly type: Metadata;
  readonly url: string;
  /** `open`: bytes when unpacked. */
  readonly file: Members & { readonly open: number };
}

/** Reads one file of metadata whole, and holds every package in it against the list; one chunk is in memory at a time. */
export function checkMetadata(net: Net, { type, url, file }: File, chunks: Chunks): Promise<void> {
  return reading(net, url, async (body) => {
    const frame: string[] = [];
    let part = 0;
    let open = 0;
    let because: string | undefined;
    for await (const bytes of unpacked(url, body, file)) {
      open += bytes.length;
      const listed = chunks[part - 1];
      if (listed) because ??= complaint(type, bytes, listed);
      else frame.push(bytes.toString());
      part += 1;
    }
    if (open !== file.open)
      because ??= `it has ${open} bytes when unpacked, and repomd.xml says ${file.open}`;
    because ??= frameComplaint(type, frame.join(""), chunks.flat().length);
    if (because !== undefined) throw amiss(disagrees(url, because));
  });
}

const ROOTS: Readonly<Record<Metadata, string>> = {
  primary: "metadata",
  filelists: "filelists",
  other: "otherdata",
};

function frameComplaint(type: Metadata, text: string, packages: number): string | undefined {
  const root = ROOTS[type];
  const frame = parsed(z.object({ [root]: z.object({ packages: z.string() }) }), text);
  return frame?.[root]?.packages === String(packages)
    ? undefined
    : `it does not say that there are ${packages} packages`;
}

function complaint(type: Metadata, bytes: Buffer, listed: readonly Package[]): string | undefined {
  const read = parsed(Chunk, `<chunk>${bytes.toString()}</chunk>`)?.chunk.package;
  if (!read) return "a package in it cannot be parsed";
  if (read.length !== listed.length) return `a chunk has ${read.length} packages, not ${listed.length}`;
  const odd = listed.findIndex((one, n) => !isSame(type, read[n], one));
  return odd < 0 ? undefined : `it has something else for ${listed[odd]?.nevra}`;
}

function parsed<T>(shape: z.ZodType<T>, text: string): T | undefined {
  try {
    return shape.parse(xml.parse(text));
  } catch {
    return undefined;
  }
}

function isSame(type: Metadata, element: Element | undefined, listed: Package): boolean {
  if (!element || nevraOf(element) !== listed.nevra) return false;
  if (type !== "primary") return element.pkgid === listed.sha256;
  return (
    element.checksum?.["#text"] === listed.sha256 &&
    element.size?.package === String(listed.size) &&
    // Below the target, seen from a snapshot.
    element.location?.href === `../../${listed.path}`
  );
}

const nevraOf = ({ name, arch, version: { epoch, ver, rel } }: Element): string =>
  `${name}-${epoch === "0" ? "" : `${epoch}:`}${ver}-${rel}.${arch}`;

/** A package as any of the three files has it; each has fields of its own. */
const Element = z.object({
  name: z.string(),
  arch: z.string(),
  version: z.object({ epoch: z.string(), ver: z.string(), rel: z.string() }),
  pkgid: z.optional(z.string()),
  checksum: z.optional(z.object({ type: z.literal("sha256"), "#text": z.string() })),
  size: z.optional(z.object({ package: z.string() })),
  location: z.optional(z.object({ href: z.string() })),
});
type Element = z.infer<typeof Element>;

const Chunk = z.object({ chunk: z.object({ package: z.array(Element) }) });
