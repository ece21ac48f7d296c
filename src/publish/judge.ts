import type { Elsewhere } from "./elsewhere.ts";
import type { ImageStore } from "./image-store.ts";
import { join } from "node:path";
import type { Arch } from "../pipelines/run.ts";
import { download } from "./download.ts";
import type { AttestationKey } from "./dsse.ts";
import { gate } from "./gate.ts";
import type { Candidate, Verdict } from "./gate.ts";
import { readHeader } from "./header.ts";
import { inParallel } from "./in-parallel.ts";
import type { Manifest } from "./manifest.ts";
import type { Line } from "./line.ts";
import type { Mirror } from "./mirror.ts";
import { nevraOf } from "./nevra.ts";
import type { OpenPgpKey } from "./openpgp.ts";
import type { Shelf } from "./ostree/put-pool.ts";
import { lookUp } from "./package-list.ts";
import type { Listed } from "./package-list.ts";
import type { Tools } from "./tools.ts";

/** All that publishing needs of the world and of this run. `dir` is ours alone. */
export interface Desk {
  readonly manifest: Manifest;
  readonly mirror: Mirror;
  readonly key: OpenPgpKey;
  /** Signs where packages come from, where the manifest says that. */
  readonly attestationKey?: AttestationKey | undefined;
  readonly tools: Tools;
  /** For what is never changed and comes in great numbers; absent: the mirror takes it. */
  readonly shelf?: Shelf | undefined;
  /** Where images go; absent: there are none. */
  readonly images?: ImageStore | undefined;
  /** The place of another channel, by its prefix; absent: nothing comes from there. */
  readonly elsewhere?: ((prefix: string) => Elsewhere) | undefined;
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

/** A line of a target as it stands: what its newest snapshot has of that which was asked about, and what the gate says of
 *  the packages that should come to it. */
export interface Judged {
  readonly asked: Asked;
  readonly line: Line;
  readonly present: readonly Listed[];
  readonly verdict: Verdict<Fetched>;
}

/** Fetches the packages that the record names for a target and reads what they are. */
export async function fetchOffers(
  { manifest, tools, dir }: Desk,
  { target, packages, withdraw = [] }: Manifest["targets"][number],
): Promise<Asked> {
  const fetched = await inParallel(packages, async (offer, index) => {
    const { job, run = manifest.run, arch, name, url, size, sha256 } = offer;
    const local = join(dir, `${target}-${index}.rpm`);
    const actual = await download(url, { file: local, limit: size });
    const header = await readHeader(tools, local);
    return { job, run, arch, name, expected: { size, sha256 }, actual, header, local };
  });
  return { target, fetched, withdraw };
}

/** Holds what is asked against a line as it is now. */
export async function judge(asked: Asked, line: Line): Promise<Judged> {
  const { fetched, withdraw } = asked;
  const { newest } = line;
  const nevras = fetched.flatMap(({ header }) => ("unreadable" in header ? [] : [nevraOf(header)]));
  const about = new Set([...nevras, ...withdraw]);
  const present = newest ? await lookUp(await newest.read("list"), newest.snapshot.files.list, about) : [];
  const channel = { present: present.map((one) => one.package) };
  return { asked, line, present, verdict: gate(fetched, channel) };
}
