import { readFile, rename, writeFile } from "node:fs/promises";
import { z } from "zod";
import { Seen } from "./seen.ts";
import type { SeenStore } from "./seen.ts";

const File = z.strictObject({ v: z.literal(1), targets: z.record(z.string(), Seen) });
type File = z.infer<typeof File>;

/** What was seen, in a JSON file; without a file name nothing is remembered. */
export function seenFile(file: string | undefined): SeenStore {
  const read = async (): Promise<File> => {
    const text = file === undefined ? undefined : await readFile(file, "utf8").catch(orNothing);
    if (text === undefined) return { v: 1, targets: {} };
    try {
      return File.parse(JSON.parse(text));
    } catch (cause) {
      throw new Error(`${file} is not a file that this program wrote; move it away to begin anew.`, {
        cause,
      });
    }
  };
  return {
    get: async (url) => (await read()).targets[url],
    targets: async () => Object.keys((await read()).targets),
    async put(url, seen) {
      if (file === undefined) return;
      const { targets } = await read();
      const next: File = { v: 1, targets: { ...targets, [url]: seen } };
      // Whoever reads it meanwhile reads all of one or all of the other.
      await writeFile(`${file}.part`, `${JSON.stringify(next, undefined, 1)}\n`);
      await rename(`${file}.part`, file);
    },
  };
}

function orNothing(error: unknown): undefined {
  if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
  throw error;
}
