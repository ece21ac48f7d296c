import type { Mirror } from "./mirror.ts";
import { numbered } from "./snapshot.ts";

/** The one object that says which snapshot is current, as it was read. */
export interface Pointer {
  readonly number: number;
  readonly text: string;
}

/** The pointer of a target, as clients read it: a list of mirrors with one line. */
export const pointerKey = (target: string): string => `${target}/mirrorlist`;

/** The pointer to the newest snapshot of a release. */
export const pinKey = (release: string, target: string): string => `releases/${release}/${target}/mirrorlist`;

/** Where clients find a snapshot, below the channel's address. */
export const snapshotUrl = (url: string, target: string, number: number): string =>
  `${url}/${target}/snapshots/${numbered(number)}/`;

export async function readPointer(mirror: Mirror, key: string): Promise<Pointer | undefined> {
  const there = await mirror.get(key);
  if (!there) return undefined;
  const text = Buffer.from(there.value).toString();
  const number = /\/snapshots\/(\d{6,})\/\n$/.exec(text)?.[1];
  if (number === undefined) throw new Error(`${key} does not name a snapshot.`);
  return { number: Number(number), text };
}

/** What a pointer to a snapshot says. */
export const pointerText = (url: string, target: string, number: number): string =>
  `${snapshotUrl(url, target, number)}\n`;
