import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { attestFresh } from "./attest.ts";
import { describe } from "./describe.ts";
import type { Description } from "./describe.ts";
import { sentence } from "./gate.ts";
import { judge } from "./judge.ts";
import type { Asked, Desk, Judged } from "./judge.ts";
import { linesOf } from "./line.ts";
import { merge } from "./merge.ts";
import type { Changes } from "./merge.ts";
import type { Package } from "./package-list.ts";
import { snapshotUrl } from "./pointer.ts";
import { readBack } from "./read-back.ts";
import { signAdmitted } from "./sign-admitted.ts";
import type { Brought, Steps } from "./step.ts";
import { sbomOf } from "./write-sbom.ts";
import { writeSnapshot } from "./write-snapshot.ts";

/** Brings packages to a target: content, metadata, signatures, read-back. If the mirror changes meanwhile, it merges anew
 *  from there. Stopped anywhere and run again, it writes the same bytes. */
export function placing(desk: Desk, asked: Asked): Steps {
  const { target } = asked;
  let ready: Ready | undefined;
  const brought = new Map<number, Brought>();
  const bring = async (judged: Judged): Promise<Brought> => {
    const { line, present, verdict } = judged;
    const known = new Set(verdict.known);
    const kept = present.filter((one) => known.has(one.package.nevra));
    const there = kept.map((one) => one.package);
    const withdrawn = present.filter((one) => !kept.includes(one));
    if (line.newest && verdict.admitted.length + withdrawn.length === 0)
      return { number: line.newest.number, packages: there };
    if (!ready?.has(verdict.admitted)) ready = await makeReady(desk, judged);
    const fresh = ready.of(verdict.admitted);
    const packages = [...there, ...fresh].toSorted(byNevra);
    const { description } = ready;
    return { number: await write(desk, judged, { withdrawn, fresh, description, packages }), packages };
  };
  return async () => {
    const judged: Judged[] = [];
    for (const line of await linesOf(desk, target)) judged.push(await judge(asked, line));
    return judged.map((one) => ({
      target,
      line: one.line,
      refusals: one.verdict.violations.map(sentence),
      async bring() {
        const before = one.line.newest?.number ?? 0;
        const done = brought.get(before) ?? (await bring(one));
        brought.set(before, done);
        return done;
      },
    }));
  };
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

/** Writes everything but the pointers, and looks at it as a client. */
async function write(
  desk: Desk,
  { asked: { target, fetched }, line }: Judged,
  { packages, ...changes }: Changes & { readonly packages: readonly Package[] },
): Promise<number> {
  const { url } = desk.manifest.mirror;
  const merged = await merge(line.newest, changes, await mkdtemp(join(desk.dir, "snapshot-")));
  const { number, snapshot } = await writeSnapshot(desk, {
    target,
    line,
    merged,
    sbom: packages.length > 0 ? await sbomOf(desk, { target, fetched, packages }) : undefined,
  });
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
