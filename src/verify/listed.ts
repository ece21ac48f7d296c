import type { Members } from "../publish/members.ts";
import { packagesOf } from "../publish/package-list.ts";
import type { Package } from "../publish/package-list.ts";
import type { Snapshot } from "../publish/snapshot.ts";
import { amiss } from "./finding.ts";
import { unpacked } from "./members.ts";
import { reading } from "./net.ts";
import type { Net } from "./net.ts";
import { malformed } from "./words.ts";

/** The packages of a snapshot, chunk by chunk. */
export type Chunks = readonly (readonly Package[])[];

/** Reads our own list of a snapshot's packages: each once, each where its content says. */
export async function readList(net: Net, snapshotUrl: string, { counts, files }: Snapshot): Promise<Chunks> {
  const url = snapshotUrl + files.list.path;
  const chunks = await linesOf(net, url, files.list);
  const all = chunks.flat();
  const because =
    (chunks.map(({ length }) => length).join() === counts.join()
      ? undefined
      : "it has other numbers of packages") ??
    twice(all.map(({ nevra }) => nevra)) ??
    twice(all.map(({ sha256 }) => sha256)) ??
    all.find(({ path, sha256 }) => !path.startsWith(`pool/${sha256.slice(0, 2)}/${sha256}/`))?.path;
  if (because !== undefined) throw amiss(malformed(url, because));
  return chunks;
}

const linesOf = (net: Net, url: string, file: Members): Promise<Chunks> =>
  reading(net, url, async (body) => {
    const chunks: (readonly Package[])[] = [];
    let part = 0;
    let unread = false;
    for await (const lines of unpacked(url, body, file)) {
      const isChunk = part > 0 && part <= file.chunks.length;
      part += 1;
      const read = readOr(lines);
      unread ||= !read || isChunk !== read.length > 0;
      if (isChunk && read) chunks.push(read);
    }
    if (unread) throw amiss(malformed(url, "its lines cannot be parsed"));
    return chunks;
  });

function readOr(lines: Buffer): readonly Package[] | undefined {
  try {
    return packagesOf(lines);
  } catch {
    return undefined;
  }
}

function twice(names: readonly string[]): string | undefined {
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) return `it has ${name} twice`;
    seen.add(name);
  }
  return undefined;
}
