import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { attestFresh } from "./attest.ts";
import { describe } from "./describe.ts";
import type { Description } from "./describe.ts";
import type { Violation } from "./gate.ts";
import { judge } from "./judge.ts";
import type { Desk, Judged } from "./judge.ts";
import type { Changes } from "./merge.ts";
import type { Package } from "./package-list.ts";
import { movePointer, snapshotUrl } from "./pointer.ts";
import { readBack } from "./read-back.ts";
import { signAdmitted } from "./sign-admitted.ts";
import { writeSnapshot } from "./write-snapshot.ts";

/** What clients find now: the number of the snapshot, and the packages of it that were asked for, by NEVRA. */
export interface Placed {
  readonly target: string;
  readonly number: number;
  readonly packages: readonly Package[];
}

/** Brings a target's packages to its clients: content, metadata, signatures, read-back, pointer. If somebody else moves
 *  the pointer meanwhile, it merges anew from there. Stopped anywhere and run again, it writes the same bytes. */
export async function place(
  desk: Desk,
  judged: Judged,
): Promise<Placed | { readonly violations: readonly Violation[] }> {
  let ready: Ready | undefined;
  for (let now = judged; ; now = await judge(desk, now.asked)) {
    const { asked, pointer, present, verdict } = now;
    const { target } = asked;
    if (verdict.violations.length > 0) return verdict;
    const known = new Set(verdict.known);
    const kept = present.filter((one) => known.has(one.package.nevra));
    const packages = kept.map((one) => one.package);
    const withdrawn = present.filter((one) => !kept.includes(one));
    if (pointer && verdict.admitted.length + withdrawn.length === 0)
      return { target, number: pointer.number, packages };
    if (!ready?.has(verdict.admitted)) ready = await makeReady(desk, now);
    const fresh = ready.of(verdict.admitted);
    const number = await bring(desk, now, { withdrawn, fresh, description: ready.description });
    const to = { target, url: desk.manifest.mirror.url, number };
    if (await movePointer(desk.mirror, pointer, to))
      return { target, number, packages: [...packages, ...fresh].toSorted(byNevra) };
  }
}

/** Packages that are signed, described and in the pool: work that no other publisher's success undoes. */
interface Ready {
  readonly description: Description;
  readonly has: (admitted: readonly ByNevra[]) => boolean;
  readonly of: (admitted: readonly ByNevra[]) => readonly Package[];
}

async function makeReady(desk: Desk, { asked, verdict }: Judged): Promise<Ready> {
  const dir = await mkdtemp(join(desk.dir, "ready-"));
  const fresh = await signAdmitted(desk, dir, verdict.admitted);
  for (const { package: entry, local } of fresh)
    await desk.mirror.create(`${asked.target}/${entry.path}`, {
      file: local,
      size: entry.size,
      sha256: entry.sha256,
    });
  await attestFresh(desk, { target: asked.target, fresh, admitted: verdict.admitted });
  const description = await describe(desk.tools, dir, { fresh, at: new Date(desk.manifest.at) });
  const packages = new Map(fresh.map((one) => [one.package.nevra, one.package]));
  return {
    description,
    has: (admitted) => admitted.every(({ nevra }) => packages.has(nevra)),
    of: (admitted) => admitted.flatMap(({ nevra }) => packages.get(nevra) ?? []).toSorted(byNevra),
  };
}

/** Writes everything but the pointer, and looks at it as a client. */
async function bring(desk: Desk, now: Judged, changes: Changes): Promise<number> {
  const { target } = now.asked;
  const { url } = desk.manifest.mirror;
  const { number, snapshot } = await writeSnapshot(desk, now, changes);
  await readBack(desk.tools, desk.dir, {
    snapshotUrl: snapshotUrl(url, target, number),
    targetUrl: `${url}/${target}`,
    certificate: desk.key.certificate,
    snapshot,
    fresh: changes.fresh,
  });
  return number;
}

interface ByNevra {
  readonly nevra: string;
}

const byNevra = (a: ByNevra, b: ByNevra): number => (a.nevra < b.nevra ? -1 : 1);
