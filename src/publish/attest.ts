import { z } from "zod";
import type { Provenance } from "../pipelines/release/provenance.ts";
import type { Fresh } from "./describe.ts";
import { fetchBytes } from "./download.ts";
import { openBundle } from "./dsse.ts";
import { inParallel } from "./in-parallel.ts";
import type { Desk, Judged } from "./judge.ts";
import type { Package } from "./package-list.ts";

/** Where the public key of attestations is, below the channel. */
export const ATTESTATION_KEY_FILE = "ATTESTATION-KEY-millwright.pem";

/** A package's attestation lies beside it, where those look who have the package's address. */
const attestationPath = ({ path }: Pick<Package, "path">): string => `${path}.sigstore.json`;

const STATEMENT = "https://in-toto.io/Statement/v1";
const PREDICATE_TYPE = "https://slsa.dev/provenance/v1";

interface Attesting {
  readonly target: string;
  readonly fresh: readonly Fresh[];
  readonly admitted: Judged["verdict"]["admitted"];
}

/** Writes where new packages come from, one bundle beside each in the pool, and reads it back as a client. ECDSA signs
 *  the same in other bytes each time: what a publisher wrote who was cut off stands, if it is as good as ours. */
export async function attestFresh(
  { manifest, mirror, attestationKey: key }: Desk,
  { target, fresh, admitted }: Attesting,
): Promise<void> {
  const { attestation, mirror: place } = manifest;
  if (!attestation || !key) return;
  const jobs = new Map(admitted.map(({ nevra, job }) => [nevra, job]));
  await inParallel(fresh, async ({ package: entry }) => {
    const provenance = attestation.builds[entry.run]?.[jobs.get(entry.nevra) ?? ""];
    if (!provenance) throw new Error(`The record does not say where ${entry.file} comes from.`);
    const path = `${target}/${attestationPath(entry)}`;
    await mirror.create(path, await key.attest(statementOf(entry, provenance)));
    checkAttestation(key.pem, await fetchBytes(`${place.url}/${path}`), entry);
  });
}

/** What is attested that was not signed anew: `path` is for the bundle, `subject` for what it speaks of. */
interface Attested {
  readonly path: string;
  readonly run: string;
  readonly job: string;
  readonly subject: { readonly name: string; readonly digest: { readonly sha256: string } };
}

/** Writes where something comes from, and reads it back; `false`: that is not said here. */
export async function attestFile(
  { manifest, mirror, attestationKey: key }: Desk,
  { path, run, job, subject }: Attested,
): Promise<boolean> {
  const { attestation, mirror: place } = manifest;
  if (!attestation || !key) return false;
  const provenance = attestation.builds[run]?.[job];
  if (!provenance) throw new Error(`The record does not say where ${subject.name} comes from.`);
  const statement = { _type: STATEMENT, subject: [subject], predicateType: PREDICATE_TYPE };
  await mirror.create(path, await key.attest({ ...statement, predicate: provenance }));
  const { name: file, digest } = subject;
  checkAttestation(key.pem, await fetchBytes(`${place.url}/${path}`), { file, sha256: digest.sha256 });
  return true;
}

/** Throws unless this bundle speaks of this file, signed by the key of `pem`. */
function checkAttestation(
  pem: string,
  bundle: Uint8Array,
  { file, sha256 }: Pick<Package, "file" | "sha256">,
): void {
  const { predicateType, subject } = Statement.parse(openBundle(pem, bundle));
  if (predicateType !== PREDICATE_TYPE || !subject.some(({ digest }) => digest["sha256"] === sha256))
    throw new Error(`The attestation beside ${file} speaks of something else.`);
}

const Statement = z.object({
  _type: z.literal(STATEMENT),
  predicateType: z.string(),
  subject: z.array(z.object({ digest: z.record(z.string(), z.string()) })),
});

/** What is signed is new bytes: the package as it was built is named too, by the digest that its build was recorded with. */
const statementOf = ({ file, sha256, unsigned }: Package, provenance: Provenance) => ({
  _type: STATEMENT,
  subject: [{ name: file, digest: { sha256 } }],
  predicateType: PREDICATE_TYPE,
  predicate: {
    ...provenance,
    runDetails: {
      ...provenance.runDetails,
      byproducts: [{ name: `${file}, before it was signed`, digest: { sha256: unsigned } }],
    },
  },
});
