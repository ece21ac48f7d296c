/** One entry of a raw tree object. */
export interface RawEntry {
  /** Six digits: `100644`, `040000`. */
  readonly mode: string;
  readonly type: "blob" | "tree" | "commit";
  readonly sha: string;
  readonly path: string;
}

/** Reads a raw tree object: `mode name NUL sha`, the SHA as 20 bytes. */
export const parseTree = (bytes: Buffer): readonly RawEntry[] => {
  const entries: RawEntry[] = [];
  for (let at = 0; at < bytes.length;) {
    const space = bytes.indexOf(0x20, at);
    const end = bytes.indexOf(0, space);
    const mode = bytes.subarray(at, space).toString().padStart(6, "0");
    entries.push({
      mode,
      type: mode === "040000" ? "tree" : mode === "160000" ? "commit" : "blob",
      sha: bytes.subarray(end + 1, end + 21).toString("hex"),
      path: bytes.subarray(space + 1, end).toString(),
    });
    at = end + 21;
  }
  return entries;
};
