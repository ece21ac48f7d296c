import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import type { Violation } from "./gate.ts";
import { judge } from "./judge.ts";
import type { Desk, Judged } from "./judge.ts";
import { writeMetadata } from "./metadata.ts";
import type { Fresh } from "./metadata.ts";
import { keep } from "./mirror.ts";
import { armored } from "./openpgp.ts";
import { movePointer, snapshotUrl } from "./pointer.ts";
import { readBack } from "./read-back.ts";
import { signAdmitted } from "./sign-admitted.ts";
import { readMetadata, sha256, snapshotKey, takeNumber } from "./snapshot.ts";
import type { Snapshot } from "./snapshot.ts";
import { checkWhole } from "./whole.ts";

/** What clients find now: the current snapshot, and which of its packages were asked for. */
export interface Placed {
  readonly target: string;
  readonly number: number;
  readonly snapshot: Snapshot;
  readonly nevras: readonly string[];
}

/** Brings a target's packages to its clients: content, metadata, signatures, read-back, pointer. If somebody else moves
 *  the pointer meanwhile, it starts over from there. Stopped anywhere and run again, it writes the same bytes. */
export async function place(
  desk: Desk,
  judged: Judged,
): Promise<Placed | { readonly violations: readonly Violation[] }> {
  let now = judged;
  for (;;) {
    const { target, pointer, current, verdict } = now;
    if (verdict.violations.length > 0) return verdict;
    const nevras = [...verdict.known, ...verdict.admitted.map(({ nevra }) => nevra)];
    if (pointer && current && verdict.admitted.length === 0)
      return { target, number: pointer.number, snapshot: current, nevras };
    const { number, snapshot } = await writeSnapshot(desk, now);
    const moved = await movePointer(desk.mirror, pointer, {
      target,
      url: desk.manifest.mirror.url,
      number,
    });
    if (moved) return { target, number, snapshot, nevras };
    now = await judge(desk, target, now.fetched);
  }
}

interface Written {
  readonly number: number;
  readonly snapshot: Snapshot;
}

/** Everything but the pointer. */
async function writeSnapshot(desk: Desk, now: Judged): Promise<Written> {
  const { mirror, key, tools, manifest } = desk;
  const dir = await mkdtemp(join(desk.dir, "place-"));
  const fresh = await signAdmitted(desk, dir, now.verdict.admitted);
  for (const { package: entry, local } of fresh)
    await mirror.create(`${now.target}/${entry.path}`, {
      file: local,
      size: entry.size,
      sha256: entry.sha256,
    });
  const { snapshot, files } = await describe(desk, now, { dir, fresh });
  const number = await takeNumber(mirror, snapshot, key);
  for (const [name, bytes] of files)
    await keep(mirror, snapshotKey(now.target, number, `repodata/${name}`), bytes);
  await readBack(tools, dir, {
    snapshotUrl: snapshotUrl(manifest.mirror.url, now.target, number),
    targetUrl: `${manifest.mirror.url}/${now.target}`,
    certificate: key.certificate,
    packages: snapshot.packages,
    fresh: fresh.map((one) => one.package),
  });
  return { number, snapshot };
}

interface Description {
  readonly snapshot: Snapshot;
  /** The files of `repodata/`, signatures last. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

async function describe(
  { tools, mirror, manifest, key }: Desk,
  { target, current, pointer }: Judged,
  { dir, fresh }: { readonly dir: string; readonly fresh: readonly Fresh[] },
): Promise<Description> {
  const at = new Date(manifest.at);
  const kept = current?.packages ?? [];
  const base = pointer?.number ?? 0;
  const revision = Math.max(Math.floor(at.getTime() / 1000), (current?.revision ?? 0) + 1);
  const old = current ? await readMetadata(mirror, base, current) : new Map<string, Uint8Array>();
  const files = await writeMetadata(tools, dir, { kept, old, fresh, revision, at });
  const packages = [...kept, ...fresh.map((one) => one.package)].toSorted(byNevra);
  const repomd = named(files, "repomd.xml");
  await checkWhole(async (name) => named(files, name), packages);
  const snapshot: Snapshot = {
    v: 1,
    target,
    run: manifest.run,
    at: manifest.at,
    base,
    revision,
    packages,
    files: [...files].map(([name, bytes]) => ({ name, size: bytes.length, sha256: sha256(bytes) })),
  };
  const signature = armored(await key.detach(repomd, at));
  const signatures = [
    ["repomd.xml.asc", Buffer.from(signature)],
    ["repomd.xml.key", Buffer.from(key.certificate)],
  ] as const;
  return { snapshot, files: new Map([...files, ...signatures]) };
}

function named(files: ReadonlyMap<string, Uint8Array>, name: string): Uint8Array {
  const bytes = files.get(name);
  if (!bytes) throw new Error(`createrepo_c wrote no ${name}.`);
  return bytes;
}

const byNevra = (a: { readonly nevra: string }, b: { readonly nevra: string }): number =>
  a.nevra < b.nevra ? -1 : 1;
