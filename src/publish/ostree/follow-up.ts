import { createHash } from "node:crypto";
import type { Dictionary } from "../../pipelines/ostree/gvariant.ts";
import { list, text, variantOf } from "../../pipelines/ostree/gvariant.ts";
import { commitOf } from "./local-repository.ts";
import type { Commit } from "./local-repository.ts";
import { commitShape } from "../../pipelines/ostree/shapes.ts";

/** How a tree that was published before comes to a ref again. */
export interface FollowUp {
  readonly ref: string;
  /** The number of the release that it comes with. */
  readonly version: string;
  readonly at: Date;
  /** What the ref leads to now. */
  readonly base: Commit | undefined;
}

/**
 * The same tree as a commit of its own that follows what the ref leads to. Clients refuse a ref that goes back (`ostree
 * admin upgrade` and `rpm-ostree upgrade` take no commit that is older than theirs, unless told `--allow-downgrade`); this
 * one they take as news, and everything in it is on the mirror already.
 */
export function followUp(tree: Commit, { ref, version, at, base }: FollowUp): Commit {
  const [metadata, , related, subject, body, , root, rights] = commitShape.read(tree.bytes);
  const ours: Dictionary = [
    ["version", variantOf("s", text, version)],
    ["ostree.ref-binding", variantOf("as", list(text), [ref])],
  ];
  const names = new Set(ours.map(([name]) => name));
  const seconds = Math.max(secondsOf(at), base ? secondsOf(base.at) + 1 : 0);
  const bytes = commitShape.write([
    [...ours, ...metadata.filter(([name]) => !names.has(name))],
    Buffer.from(base?.sum ?? "", "hex"),
    related,
    subject,
    body,
    BigInt(seconds),
    root,
    rights,
  ]);
  return commitOf(createHash("sha256").update(bytes).digest("hex"), bytes);
}

const secondsOf = (at: Date): number => Math.floor(at.getTime() / 1000);
