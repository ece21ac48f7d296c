import { createHash } from "node:crypto";
import type { Versioned } from "../ports.ts";

/** What is written: bytes, or a file that may be large. `sha256` in hex, `size` in bytes. */
export type Body = Uint8Array | { readonly file: string; readonly size: number; readonly sha256: string };

/** A channel's place on the mirror. Keys are relative to it, without a leading slash:
 *  - `RPM-GPG-KEY-millwright` and `<repo>-<channel>-<target>.repo`, at addresses that people keep
 *  - `<target>/mirrorlist`, the pointer: one line with the address of a snapshot
 *  - `releases/<number>/`, for who wants one release and no other: repository files of its own, never changed, the keys of all
 *    that belongs to it, and `<target>/mirrorlist`, the pointer to its newest snapshot
 *  - what tells of releases, each with `.asc` beside it and its signature at `signatures/<sha256>.asc`: `releases.json`,
 *    `stream.json`, `releases.atom`, `releases.ics`, and `releases/<number>/release.json`
 *  - `moves.json`, which pointers are being moved; clients do not read it
 *  - `<target>/snapshots/000001/`, never changed: `snapshot.json` and `.asc`, the record; `packages.jsonl.gz`, the list of its
 *    packages, which is also the index of the metadata's chunks; `repodata/`, the metadata for clients
 *  - `<target>/pool/<2 digits>/<sha256>/<file>.rpm`, the packages of all snapshots, which refer to them by `../../pool/` */
export interface Mirror {
  get(key: string): Promise<Versioned<Uint8Array> | undefined>;
  /** Writes only if nothing is there; `false` says it is. */
  create(key: string, body: Body): Promise<boolean>;
  /** Writes only over the version that was read; `false` says somebody was faster. */
  replace(key: string, body: Uint8Array, version: string): Promise<boolean>;
  put(key: string, body: Uint8Array): Promise<void>;
}

/** Makes sure that exactly this is there; content that never changes may be there already. */
export async function keep(mirror: Mirror, key: string, body: Body): Promise<void> {
  if (await mirror.create(key, body)) return;
  const there = await mirror.get(key);
  const expected = body instanceof Uint8Array ? digestOf(body) : body.sha256;
  if (!there || digestOf(there.value) !== expected)
    throw new Error(`${key} is on the mirror with other content.`);
}

/** Writes at an address that people keep, but only if it would say something else. */
export async function refresh(mirror: Mirror, key: string, text: string): Promise<void> {
  const body = Buffer.from(text);
  const there = await mirror.get(key);
  if (!there || !same(there.value, body)) await mirror.put(key, body);
}

const digestOf = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

export const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;
