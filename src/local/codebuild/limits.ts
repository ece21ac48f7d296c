import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, rmdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Log } from "../../ports.ts";
import { hierarchies } from "./control-groups.ts";

/** What one build may use. */
export interface Limits {
  readonly memoryBytes: number;
  readonly pids: number;
  /** 100 is one processor. */
  readonly cpuPercent: number;
}

/** A control group (or one per controller, in version 1) that holds one build. */
export interface Cage {
  /** Whoever writes its process id into all of these is limited, and its children with it. */
  readonly doors: readonly string[];
  remove(): Promise<void>;
}

const PERIOD = 100_000;
const CONTROLLERS = ["memory", "pids", "cpu"] as const;

type Settings = readonly (readonly [file: string, value: string | number, needed: boolean])[];

const VERSION_1 = (limits: Limits): Record<string, Settings> => ({
  memory: [
    ["memory.limit_in_bytes", limits.memoryBytes, true],
    ["memory.memsw.limit_in_bytes", limits.memoryBytes, false],
  ],
  pids: [["pids.max", limits.pids, true]],
  cpu: [
    ["cpu.cfs_period_us", PERIOD, false],
    ["cpu.cfs_quota_us", (limits.cpuPercent * PERIOD) / 100, false],
  ],
});

const VERSION_2 = (limits: Limits): Settings => [
  ["memory.max", limits.memoryBytes, true],
  ["memory.swap.max", 0, false],
  ["pids.max", limits.pids, true],
  ["cpu.max", `${(limits.cpuPercent * PERIOD) / 100} ${PERIOD}`, false],
];

/** Makes cages named after `dir`, in version 1 or 2, whichever this machine has; says once if it may not. */
export function cages({
  dir,
  limits,
  log,
}: {
  readonly dir: string;
  readonly limits: Limits;
  readonly log: Log;
}) {
  const prefix = `millwright-${createHash("sha256").update(path.resolve(dir)).digest("hex").slice(0, 12)}-`;
  let said = false;

  return {
    make: (name: string): Cage | undefined => {
      const made: string[] = [];
      try {
        makeGroups(`${prefix}${name}`, limits, made);
        return cageOf(made);
      } catch (error) {
        for (const group of made) removeGroup(group);
        if (!said)
          log("builds run without limits: control groups cannot be made here", { error: String(error) });
        said = true;
        return undefined;
      }
    },

    /** Removes what a killed server left behind. */
    sweep: async (): Promise<void> => {
      const left = parents().flatMap((parent) =>
        readdirSync(parent)
          .filter((name) => name.startsWith(prefix))
          .map((name) => path.join(parent, name)),
      );
      await cageOf(left).remove();
    },
  };
}

function makeGroups(name: string, limits: Limits, made: string[]): void {
  const { v1, v2 } = hierarchies();
  if (CONTROLLERS.every((controller) => v1.has(controller))) {
    for (const [controller, settings] of Object.entries(VERSION_1(limits)))
      made.push(makeGroup(v1.get(controller) ?? [], name, settings));
  } else made.push(makeGroup(v2, name, VERSION_2(limits)));
}

/** Below our own group, or the nearest group above it that lets us: version 2 has no room beside processes. */
function makeGroup(parents: readonly string[], name: string, settings: Settings): string {
  let problem: unknown = new Error("no control group of ours is mounted");
  for (const parent of parents) {
    const group = path.join(parent, name);
    try {
      mkdirSync(group);
      configure(group, settings);
      return group;
    } catch (error) {
      problem = error;
      removeGroup(group);
    }
  }
  throw problem;
}

function configure(group: string, settings: Settings): void {
  for (const [file, value, needed] of settings) {
    const whole = path.join(group, file);
    if (needed || existsSync(whole)) writeFileSync(whole, String(value), { flag: "r+" });
  }
}

const cageOf = (groups: readonly string[]): Cage => ({
  doors: groups.map((group) => path.join(group, "cgroup.procs")),
  async remove() {
    for (let tries = 0; tries < 50 && groups.some((group) => !removeGroup(group)); tries++) await sleep(20);
  },
});

function removeGroup(group: string): boolean {
  try {
    rmdirSync(group);
    return true;
  } catch {
    return !existsSync(group);
  }
}

const parents = (): string[] => {
  const { v1, v2 } = hierarchies();
  return [...v2, ...[...v1.values()].flat()].filter((folder) => existsSync(folder));
};
