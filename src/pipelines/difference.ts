import type { Run } from "./run.ts";
import { isOver } from "./stage.ts";
import { withoutSuffix } from "./suffix.ts";

/** Packages of one job by name, version and release without suffix, such as `greet-1.0-1.x86_64`. */
export interface Difference {
  readonly job: string;
  /** Tested, and not shipped. */
  readonly missing: readonly string[];
  /** Shipped, and not tested. */
  readonly added: readonly string[];
}

/** What differs between the packages of an accepted release and those of its promotion, of each build that is over. */
export function differences(tested: Run, shipped: Run): readonly Difference[] {
  const before = packagesOf(tested);
  const after = packagesOf(shipped);
  return [...after].flatMap(([job, packages]) => {
    const known = before.get(job) ?? new Set<string>();
    const missing = [...known].filter((name) => !packages.has(name));
    const added = [...packages].filter((name) => !known.has(name));
    return missing.length + added.length > 0 ? [{ job, missing, added }] : [];
  });
}

/** Job -> its packages; jobs whose builds are not over are not in it. */
function packagesOf({ jobs, stages }: Run): ReadonlyMap<string, ReadonlySet<string>> {
  const builds = new Map(stages.map((stage) => [stage.name, stage]));
  return new Map(
    jobs.flatMap(({ name, build }) => {
      const stage = builds.get(build);
      if (!stage || !isOver(stage)) return [];
      const files = stage.state === "passed" ? (stage.files ?? []) : [];
      const packages = files.map((file) => file.name).filter((file) => file.endsWith(".rpm"));
      return [[name, new Set(packages.map(withoutSuffix))] as const];
    }),
  );
}
