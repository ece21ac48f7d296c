import { readFileSync } from "node:fs";
import path from "node:path";

/** Our own control groups. */
export const hierarchies = (): Hierarchies =>
  hierarchiesOf(readFileSync("/proc/self/cgroup", "utf8"), readFileSync("/proc/self/mounts", "utf8"));

export interface Hierarchies {
  /** By controller. */
  readonly v1: ReadonlyMap<string, readonly string[]>;
  readonly v2: readonly string[];
}

/** Our groups as directories, from our own up to the mount point, as /proc/self/cgroup and /proc/self/mounts tell. */
export function hierarchiesOf(cgroup: string, mounted: string): Hierarchies {
  const v1 = new Map<string, string[]>();
  let v2: string[] = [];
  const mounts = mounted.split("\n");
  for (const line of cgroup.trim().split("\n")) {
    const [id, names = "", own = "/"] = line.split(":");
    if (id === "0") v2 = upwards(mountOf(mounts, "cgroup2"), own);
    else for (const name of names.split(",")) v1.set(name, upwards(mountOf(mounts, "cgroup", name), own));
  }
  return { v1, v2 };
}

function mountOf(mounts: readonly string[], type: string, controller?: string): string | undefined {
  const found = mounts
    .map((line) => line.split(" "))
    .find((words) => words[2] === type && (!controller || words[3]?.split(",").includes(controller)));
  return found?.[1];
}

function upwards(mount: string | undefined, own: string): string[] {
  if (!mount) return [];
  const folders = own.split("/").filter((name) => name !== "");
  return [...folders.map((_, index) => path.join(mount, ...folders.slice(0, folders.length - index))), mount];
}
