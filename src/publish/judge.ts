import { join } from "node:path";
import type { Arch } from "../pipelines/run.ts";
import { download } from "./download.ts";
import type { AttestationKey } from "./dsse.ts";
import { gate } from "./gate.ts";
import type { Candidate, Verdict } from "./gate.ts";
import { readHeader } from "./header.ts";
import { inParallel } from "./in-parallel.ts";
import type { Manifest } from "./manifest.ts";
import type { Base } from "./merge.ts";
import type { Mirror } from "./mirror.ts";
import { nevraOf } from "./nevra.ts";
import type { OpenPgpKey } from "./openpgp.ts";
import { lookUp } from "./package-list.ts";
import type { Listed } from "./package-list.ts";
import { readPointer } from "./pointer.ts";
import type { Pointer } from "./pointer.ts";
import { readFileOf, readSnapshot } from "./snapshot.ts";
import type { Tools } from "./tools.ts";

/** All that publishing needs of the world and of this run. `dir` is ours alone. */
export interface Desk {
  readonly manifest: Manifest;
  readonly mirror: Mirror;
  readonly key: OpenPgpKey;
  /** Signs where packages come from, where the manifest says that. */
  readonly attestationKey?: AttestationKey | undefined;
  readonly tools: Tools;
  readonly dir: string;
}

/** A package that was fetched to `local`. */
export interface Fetched extends Candidate {
  readonly arch: Arch;
  readonly local: string;
}

/** What one target is asked to have and not to have. */
export interface Asked {
  readonly target: string;
  readonly fetched: readonly Fetched[];
  readonly withdraw: readonly string[];
}

/** A target as it stands: the snapshot that the pointer names, and what it has of that which was asked about; and what
 *  the gate says of the packages that should come to it. */
export interface Judged {
  readonly asked: Asked;
  readonly pointer: Pointer | undefined;
  readonly base: Base | undefined;
  readonly present: readonly Listed[];
  readonly verdict: Verdict<Fetched>;
}

/** Fetches the packages that the record names for a target and reads what they are. */
export async function fetchOffers(
  { tools, dir }: Desk,
  { target, packages, withdraw = [] }: Manifest["targets"][number],
): Promise<Asked> {
  const fetched = await inParallel(packages, async ({ job, arch, name, url, size, sha256 }, index) => {
    const local = join(dir, `${target}-${index}.rpm`);
    const actual = await download(url, { file: local, limit: size });
    const header = await readHeader(tools, local);
    return { job, arch, name, expected: { size, sha256 }, actual, header, local };
  });
  return { target, fetched, withdraw };
}

/** Holds what is asked against the channel as it is now. */
export async function judge({ manifest, mirror, key }: Desk, asked: Asked): Promise<Judged> {
  const { target, fetched, withdraw } = asked;
  const pointer = await readPointer(mirror, target);
  const base = pointer && (await baseAt(mirror, { target, number: pointer.number, key }));
  const nevras = fetched.flatMap(({ header }) => ("unreadable" in header ? [] : [nevraOf(header)]));
  const about = new Set([...nevras, ...withdraw]);
  const present = base ? await lookUp(await base.read("list"), base.snapshot.files.list, about) : [];
  const channel = { run: manifest.run, present: present.map((one) => one.package) };
  return { asked, pointer, base, present, verdict: gate(fetched, channel) };
}

async function baseAt(
  mirror: Mirror,
  at: { readonly target: string; readonly number: number; readonly key: OpenPgpKey },
): Promise<Base> {
  const snapshot = await readSnapshot(mirror, at);
  const read = (kind: Parameters<Base["read"]>[0]) =>
    readFileOf(mirror, { number: at.number, snapshot }, kind);
  // The list is small and needed more than once.
  const list = await read("list");
  return { snapshot, read: async (kind) => (kind === "list" ? list : read(kind)) };
}
