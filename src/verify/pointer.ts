import { keyFileName } from "../publish/repo-file.ts";
import type { RepoFile } from "../publish/repo-file.ts";
import { amiss } from "./finding.ts";
import { whole } from "./net.ts";
import type { Net } from "./net.ts";
import { pointsAway } from "./words.ts";

/** A target to look at, by its address without a trailing slash; `keyUrl` is where its key is published. `home` is where
 *  its pointer is: at the target itself, or at a release of the channel, which keeps one of its own. */
export interface Target {
  readonly home: string;
  readonly url: string;
  readonly keyUrl: string;
}

/** The target whose pointer is at `home`; its key is in the channel, or with the release. */
export function targetAt(home: string): Target {
  const { url, target, release } = placeOf(home);
  return { home, url: `${url}/${target}`, keyUrl: `${url}/${keyFileName({ release })}` };
}

/** What the address of a target, or of a release of it, is made of; `url` is that of the channel. */
export function placeOf(home: string): Pick<RepoFile, "url" | "target" | "release"> {
  const [, url, release, target] = /^(.*)\/releases\/(\d{8}_\d{2})\/([^/]+)$/.exec(home) ?? [];
  if (url !== undefined && target !== undefined) return { url, target, release };
  const slash = home.lastIndexOf("/");
  return { url: home.slice(0, slash), target: home.slice(slash + 1) };
}

/** Where a target's pointer leads to. */
export interface Pointer extends Target {
  /** The target's own name. */
  readonly target: string;
  readonly number: number;
  /** With a trailing slash. */
  readonly snapshotUrl: string;
}

export const pointerUrl = (home: string): string => `${home}/mirrorlist`;

/** Reads a target's pointer, once: all that is looked at afterwards is one snapshot, which never changes. */
export async function readPointer(net: Net, { home, url, keyUrl }: Target): Promise<Pointer> {
  const where = pointerUrl(home);
  const text = (await whole(net, where, LONGEST)).toString();
  const snapshots = `${url}/snapshots/`;
  const digits = text.startsWith(snapshots) && text.endsWith("/\n") ? text.slice(snapshots.length, -2) : "";
  if (!/^\d{6,15}$/.test(digits)) throw amiss(pointsAway(where, text));
  return {
    home,
    url,
    keyUrl,
    target: url.slice(url.lastIndexOf("/") + 1),
    number: Number(digits),
    snapshotUrl: `${snapshots}${digits}/`,
  };
}

const LONGEST = 4096;
