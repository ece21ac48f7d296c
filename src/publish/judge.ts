import { join } from "node:path";
import type { Arch } from "../pipelines/run.ts";
import { download } from "./download.ts";
import { gate } from "./gate.ts";
import type { Candidate, Verdict } from "./gate.ts";
import { readHeader } from "./header.ts";
import { inParallel } from "./in-parallel.ts";
import type { Manifest, Offer } from "./manifest.ts";
import type { Mirror } from "./mirror.ts";
import type { OpenPgpKey } from "./openpgp.ts";
import { readPointer } from "./pointer.ts";
import type { Pointer } from "./pointer.ts";
import { readSnapshot } from "./snapshot.ts";
import type { Snapshot } from "./snapshot.ts";
import type { Tools } from "./tools.ts";

/** All that publishing needs of the world and of this run. `dir` is ours alone. */
export interface Desk {
  readonly manifest: Manifest;
  readonly mirror: Mirror;
  readonly key: OpenPgpKey;
  readonly tools: Tools;
  readonly dir: string;
}

/** A package that was fetched to `local`. */
export interface Fetched extends Candidate {
  readonly arch: Arch;
  readonly local: string;
}

/** A target as it stands, and what the gate says of the packages that should come to it. */
export interface Judged {
  readonly target: string;
  readonly pointer: Pointer | undefined;
  readonly current: Snapshot | undefined;
  readonly fetched: readonly Fetched[];
  readonly verdict: Verdict<Fetched>;
}

/** Fetches the packages that the record names and reads what they are. */
export async function fetchOffers(
  { tools, dir }: Desk,
  target: string,
  offers: readonly Offer[],
): Promise<readonly Fetched[]> {
  return inParallel(offers, async ({ job, arch, name, url, size, sha256 }, index) => {
    const local = join(dir, `${target}-${index}.rpm`);
    const actual = await download(url, { file: local, limit: size });
    const header = await readHeader(tools, local);
    return { job, arch, name, expected: { size, sha256 }, actual, header, local };
  });
}

/** Holds the packages against the channel as it is now. */
export async function judge(
  { manifest, mirror, key }: Desk,
  target: string,
  fetched: readonly Fetched[],
): Promise<Judged> {
  const pointer = await readPointer(mirror, target);
  const current = pointer && (await readSnapshot(mirror, { target, number: pointer.number, key }));
  const channel = { run: manifest.run, present: current?.packages ?? [] };
  return { target, pointer, current, fetched, verdict: gate(fetched, channel) };
}
