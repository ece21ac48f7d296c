import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { holdLock } from "./hold-lock.ts";
import { isMade } from "./make-root.ts";

/** Gives the digest of what was made for this request before, or makes it; of several at once one does. */
export async function madeOnce(
  { dir, request: parts }: { readonly dir: string; readonly request: readonly string[] },
  make: () => Promise<string>,
): Promise<string> {
  const request = join(dir, "requests", sha256([...parts, await ownCode()]));
  await mkdir(join(dir, "requests"), { recursive: true });
  return (
    (await remembered(dir, request)) ??
    (await holdLock(join(dir, "lock"), async () => {
      const meanwhile = await remembered(dir, request);
      if (meanwhile !== undefined) return meanwhile;
      const made = await make();
      await writeFile(`${request}.half`, made);
      await rename(`${request}.half`, request);
      return made;
    }))
  );
}

/** The digest of what answered this request before, if it is still there. */
async function remembered(dir: string, request: string): Promise<string | undefined> {
  const digest = await readFile(request, "utf8").catch(() => undefined);
  return digest !== undefined && (await isMade(dir, digest)) ? digest : undefined;
}

/** What a root is made by: another version of this code answers the same request anew. */
async function ownCode(): Promise<string> {
  const files = (await readdir(import.meta.dirname)).toSorted();
  return sha256(await Promise.all(files.map((file) => readFile(join(import.meta.dirname, file), "utf8"))));
}

const sha256 = (parts: readonly string[]): string =>
  createHash("sha256").update(parts.join("\n")).digest("hex");
