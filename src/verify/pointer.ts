import { amiss } from "./finding.ts";
import { whole } from "./net.ts";
import type { Net } from "./net.ts";
import { pointsAway } from "./words.ts";

/** A target to look at, by its address without a trailing slash; `keyUrl` is where its key is published. */
export interface Target {
  readonly url: string;
  readonly keyUrl: string;
}

/** Where a target's pointer leads to. */
export interface Pointer extends Target {
  /** The target's own name. */
  readonly target: string;
  readonly number: number;
  /** With a trailing slash. */
  readonly snapshotUrl: string;
}

export const pointerUrl = (targetUrl: string): string => `${targetUrl}/mirrorlist`;

/** Reads a target's pointer, once: all that is looked at afterwards is one snapshot, which never changes. */
export async function readPointer(net: Net, { url, keyUrl }: Target): Promise<Pointer> {
  const where = pointerUrl(url);
  const text = (await whole(net, where, LONGEST)).toString();
  const home = `${url}/snapshots/`;
  const digits = text.startsWith(home) && text.endsWith("/\n") ? text.slice(home.length, -2) : "";
  if (!/^\d{6,15}$/.test(digits)) throw amiss(pointsAway(where, text));
  return {
    url,
    keyUrl,
    target: url.slice(url.lastIndexOf("/") + 1),
    number: Number(digits),
    snapshotUrl: `${home}${digits}/`,
  };
}

const LONGEST = 4096;
