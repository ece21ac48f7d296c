import { tmpdir } from "node:os";
import { setTimeout as pause } from "node:timers/promises";
import { sentence } from "../../src/verify/finding.ts";
import { seenFile } from "../../src/verify/seen-file.ts";
import { certificateOf } from "../../src/verify/signed.ts";
import { verify } from "../../src/verify/verify.ts";

/** A package as clients find it. */
export interface Found {
  readonly name: string;
  readonly sha256: string;
  readonly url: string;
}

export interface Read {
  /** The address that the pointer gave, and the time the metadata tells. */
  readonly snapshot: string;
  readonly revision: number;
  readonly packages: readonly Found[];
}

/** Reads a target as our own verifier does, with nothing but its address and the public key, and throws what is wrong.
 *  rpm's own check of packages is left out: it takes most of the time, and real clients make it elsewhere. */
export async function readAsClient(
  targetUrl: string,
  { certificate, bodies = true }: { readonly certificate: string; readonly bodies?: boolean },
): Promise<Read> {
  const key = await certificateOf("the key of this test", certificate);
  const { verdict, targets, findings } = await verify(
    {
      net: { fetch, pause, patience: 30_000 },
      tools: undefined,
      dir: tmpdir(),
      seen: seenFile(undefined),
      now: Date.now,
    },
    { address: targetUrl, key, all: bodies },
  );
  const [target] = targets;
  if (verdict !== "good" || !target)
    throw new Error(findings.map((finding) => `${finding.kind}: ${sentence(finding)}`).join("\n"));
  const { snapshot, revision, packages } = target;
  const found = packages.map(({ name, sha256, path }) => ({ name, sha256, url: `${targetUrl}/${path}` }));
  return { snapshot, revision, packages: found };
}
