import { readdir, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Blobs } from "../../src/ports.ts";

/** Where the channel lies in its bucket. */
export const PLACE = "acme/os/devel";

/** The channel's directory as a bucket with all that lies below its place. */
export function bucketOf(
  root: string,
): Pick<Blobs, "list" | "get" | "remove"> & { readonly removed: string[] } {
  const at = (key: string): string => join(root, key.slice(PLACE.length + 1));
  const removed: string[] = [];
  return {
    removed,
    async list() {
      const entries = await readdir(root, { recursive: true, withFileTypes: true });
      const files = entries.filter((entry) => entry.isFile()).map((one) => join(one.parentPath, one.name));
      const sized = files.toSorted().map(async (file) => {
        return { key: `${PLACE}/${file.slice(root.length + 1)}`, size: (await stat(file)).size };
      });
      return Promise.all(sized);
    },
    async get(key) {
      const value = await readFile(at(key)).catch(() => undefined);
      return value && { value, version: "any" };
    },
    async remove(key) {
      removed.push(key.slice(PLACE.length + 1));
      await rm(at(key));
      return true;
    },
  };
}
