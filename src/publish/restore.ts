import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { sizeAt } from "./download.ts";
import type { Kind } from "./elements.ts";
import { inParallel } from "./in-parallel.ts";
import type { Desk } from "./judge.ts";
import { linesOf, packagesIn, snapshotAt } from "./line.ts";
import type { Line, Newest } from "./line.ts";
import { cut, writePieces } from "./members.ts";
import type { Base, Merged, MergedFile } from "./merge.ts";
import type { Package } from "./package-list.ts";
import { snapshotUrl } from "./pointer.ts";
import { readBack } from "./read-back.ts";
import { RECORD, numbered, snapshotKey } from "./snapshot.ts";
import type { Brought, Step, Steps } from "./step.ts";
import { writeSnapshot } from "./write-snapshot.ts";

interface Wanted {
  readonly target: string;
  /** The number of the older snapshot. */
  readonly number: number;
}

/** Gives a target exactly the packages of an older snapshot again, in a new one: the files are copied, the index is new,
 *  so that clients take it for news. */
export function restoring(desk: Desk, wanted: Wanted): Steps {
  const { target, number } = wanted;
  return async () => {
    const [line] = await linesOf(desk, target);
    if (!line) return [];
    const step = (bring: Step["bring"], because?: string): readonly Step[] => {
      const refusals = because
        ? [`Snapshot ${numbered(number)} of ${target} cannot be restored: ${because}`]
        : [];
      return [{ target, line, refusals, bring }];
    };
    // Of a release that has its place already everything was done; what came to the channel since is to stay.
    const done = isPinned(desk, line) ? line.newest : undefined;
    if (done) return step(async () => ({ number: done.number, packages: await packagesIn(done) }));
    if (!(await desk.mirror.get(snapshotKey(target, number, RECORD))))
      return step(nothing, "there is no such snapshot.");
    const old = await snapshotAt(desk, target, number);
    const packages = await packagesIn(old);
    const lost = await lostOf(`${desk.manifest.mirror.url}/${target}`, packages);
    if (lost) return step(nothing, `${lost.nevra} is no longer at ${target}/${lost.path}.`);
    return step(async () => ({ number: await bring(desk, line, old), packages }));
  };
}

const isPinned = ({ manifest }: Desk, { ends }: Line): boolean =>
  manifest.release !== undefined && ends[0]?.pointer !== undefined;

const nothing = (): Promise<Brought> => Promise.reject(new Error("What is refused cannot be brought."));

async function lostOf(targetUrl: string, packages: readonly Package[]): Promise<Package | undefined> {
  const sizes = await inParallel(packages, ({ path }) => sizeAt(`${targetUrl}/${path}`));
  return packages.find(({ size }, n) => sizes[n] !== size);
}

async function bring(desk: Desk, line: Line, old: Newest): Promise<number> {
  const before = line.newest;
  const { target, files } = old.snapshot;
  if (before?.snapshot.files.list.sha256 === files.list.sha256) return before.number;
  const merged = await copyOf(old, await mkdtemp(join(desk.dir, "restored-")));
  const { number, snapshot } = await writeSnapshot(desk, { target, line, merged });
  const { url } = desk.manifest.mirror;
  await readBack(desk.tools, desk.dir, {
    snapshotUrl: snapshotUrl(url, target, number),
    targetUrl: `${url}/${target}`,
    certificate: desk.key.certificate,
    snapshot,
    fresh: [],
  });
  return number;
}

/** The files of a snapshot in `dir`, byte by byte. */
async function copyOf({ snapshot, read }: Base, dir: string): Promise<Merged> {
  const copied = async (kind: Kind): Promise<MergedFile> => {
    const file = snapshot.files[kind];
    const local = join(dir, kind);
    const { open } = await writePieces(local, cut(await read(kind), file));
    return { ...file, local, open };
  };
  const primary = await copied("primary");
  const filelists = await copied("filelists");
  const other = await copied("other");
  return { counts: snapshot.counts, files: { primary, filelists, other, list: await copied("list") } };
}
