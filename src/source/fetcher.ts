import { stat } from "node:fs/promises";
import { type Checksum, digestOf } from "./checksums.ts";
import { download, type Downloaded, type Net } from "./download.ts";
import { type Say, visible } from "./progress.ts";
import type { Shelf } from "./shelf.ts";

/** Fetches a file from an address. */
export type Fetch = (url: string, file: string, into: string) => Promise<Downloaded>;

/** What the repository says of a file. */
export type Listed = Pick<Checksum, "file" | "algorithm" | "hex">;

/** Asks an address only where no earlier stage left the file whose digest the repository lists. */
export function fetcher(
  net: Net,
  { shelf, listed, say }: { readonly shelf: Shelf; readonly listed: readonly Listed[]; readonly say: Say },
): Fetch {
  return async (url, file, into) => {
    const sums = listed.filter((one) => one.file === file);
    const known = sums.length > 0 && (await shelf.take(url, into)) && (await areAll(sums, into));
    if (known) say(`${visible(file)} was fetched before and has the digest that is listed`);
    const got = known ? await measured(into) : await download(url, into, net);
    if (sums.length > 0) await shelf.keep(url, into);
    return got;
  };
}

const measured = async (path: string): Promise<Downloaded> => ({
  bytes: (await stat(path)).size,
  sha256: await digestOf(path, "sha256"),
});

async function areAll(sums: readonly Listed[], path: string): Promise<boolean> {
  const right = sums.map(async ({ algorithm, hex }) => (await digestOf(path, algorithm)) === hex);
  return (await Promise.all(right)).every(Boolean);
}
