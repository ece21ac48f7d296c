import type { Tools } from "./tools.ts";

/** What a package says of itself in its header. */
export interface Header {
  readonly name: string;
  readonly epoch: string;
  readonly version: string;
  readonly release: string;
  readonly arch: string;
  /** A source rpm; `nosource` if it leaves some of its sources out. */
  readonly source: boolean;
  readonly nosource: boolean;
  /** Kinds of signatures it carries already. */
  readonly signatures: readonly string[];
}

const SIGNATURES = ["SIGPGP", "SIGGPG", "RSAHEADER", "DSAHEADER", "FILESIGNATURES"];
const has = (tag: string, word: string): string => `%|${tag}?{${word}}|`;
const FORMAT = [
  "%{NAME}",
  "%{EPOCHNUM}",
  "%{VERSION}",
  "%{RELEASE}",
  "%{ARCH}",
  has("SOURCEPACKAGE", "source"),
  has("NOSOURCE", "no") + has("NOPATCH", "no"),
  SIGNATURES.map((tag) => has(tag, `${tag} `)).join(""),
  "end",
].join("\\n");

/** Reads the header of the package at `file`; nothing in the package is run. */
export async function readHeader(
  tools: Tools,
  file: string,
): Promise<Header | { readonly unreadable: string }> {
  try {
    return parse(await tools("rpm", ["-qp", "--nosignature", "--qf", FORMAT, file]));
  } catch (error) {
    return { unreadable: error instanceof Error ? error.message : String(error) };
  }
}

function parse(text: string): Header {
  const [name, epoch, version, release, arch, source, nosource, signatures, end, ...rest] = text.split("\n");
  // A line break inside a field moves the lines after it.
  if (end !== "end" || rest.length > 0) throw new Error("a field of its header has more than one line");
  return {
    name: name ?? "",
    epoch: epoch ?? "",
    version: version ?? "",
    release: release ?? "",
    arch: arch ?? "",
    source: source !== "",
    nosource: nosource !== "",
    signatures: (signatures ?? "").split(" ").filter((kind) => kind !== ""),
  };
}
