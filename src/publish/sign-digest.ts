import type { Desk } from "./judge.ts";
import { armored } from "./openpgp.ts";

/** What stands beside an image: its digest, in the form of sha256sum. */
export const digestLine = (path: string, sha256: string): string =>
  `${sha256}  ${path.slice(path.lastIndexOf("/") + 1)}\n`;

/** Writes an image's digest, and before that the signature over it. */
export async function signDigest(
  { key, manifest: { at } }: Pick<Desk, "key" | "manifest">,
  { path, sha256 }: { readonly path: string; readonly sha256: string },
  write: (key: string, text: string) => Promise<void>,
): Promise<void> {
  const line = digestLine(path, sha256);
  await write(`${path}.sha256.asc`, armored(await key.detach(Buffer.from(line), new Date(at))));
  await write(`${path}.sha256`, line);
}
