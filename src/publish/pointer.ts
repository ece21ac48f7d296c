import type { Mirror } from "./mirror.ts";
import { numbered } from "./snapshot.ts";

/** The one object that says which snapshot of a target is current. */
export interface Pointer {
  readonly number: number;
  readonly version: string;
}

/** The pointer of a target, as clients read it: a list of mirrors with one line. */
const pointerKey = (target: string): string => `${target}/mirrorlist`;

/** Where clients find a snapshot, below the channel's address. */
export const snapshotUrl = (url: string, target: string, number: number): string =>
  `${url}/${target}/snapshots/${numbered(number)}/`;

export async function readPointer(mirror: Mirror, target: string): Promise<Pointer | undefined> {
  const there = await mirror.get(pointerKey(target));
  if (!there) return undefined;
  const number = /\/snapshots\/(\d{6,})\/\n$/.exec(Buffer.from(there.value).toString())?.[1];
  if (number === undefined) throw new Error(`${pointerKey(target)} does not name a snapshot.`);
  return { number: Number(number), version: there.version };
}

/** Moves the pointer on from the one that was read; `false` says that somebody else has moved it. */
export async function movePointer(
  mirror: Mirror,
  from: Pointer | undefined,
  to: { readonly target: string; readonly url: string; readonly number: number },
): Promise<boolean> {
  const line = Buffer.from(`${snapshotUrl(to.url, to.target, to.number)}\n`);
  const key = pointerKey(to.target);
  const moved = from ? await mirror.replace(key, line, from.version) : await mirror.create(key, line);
  if (moved) return true;
  // A number stands for one content, so a pointer to it was moved by us: an answer was lost, or we ran twice.
  return (await readPointer(mirror, to.target))?.number === to.number;
}
