import { imagesOf } from "../image-offers.ts";
import { commitOf } from "../manifest/tree.ts";
import type { Job, RecipeKind, Run } from "../run.ts";
import type { File, Stage } from "../stage.ts";
import { withoutSuffix } from "../suffix.ts";

/** Rules of the gate about the files of the run that was tested. */

/** What is to be known of files. */
export interface AskedFiles {
  /** The run that made the release. */
  readonly run?: Run | undefined;
  /** Are the tested packages themselves to come to the channel? */
  readonly way?: "content" | undefined;
  /** What the names of packages begin with that may come to the channel; absent: any may. */
  readonly packages?: readonly string[] | undefined;
  /** Key -> size in bytes of what lies in the store where the run's results were, if that matters. */
  readonly stored?: ReadonlyMap<string, number> | undefined;
}

export type RefusalOfFiles =
  | { readonly rule: "built-by-us"; readonly jobs: readonly string[] }
  | { readonly rule: "names"; readonly names: readonly string[]; readonly allowed: readonly string[] }
  | { readonly rule: "digests"; readonly files: readonly string[] };

type Rule = (asked: AskedFiles) => RefusalOfFiles | undefined;

/** Each file comes from a build that passed in a pool of trusted builders, of a run in the trusted zone. */
export const builtByUs: Rule = ({ run }) => {
  if (!run) return undefined;
  const strange = builds(run).filter(
    ({ stage }) => run.zone !== "trusted" || !stage.pool.includes("-trusted-"),
  );
  return strange.length === 0 ? undefined : { rule: "built-by-us", jobs: strange.map(({ job }) => job) };
};

/** The repository may publish packages of these names to the channel. */
export const names: Rule = ({ run, packages: allowed }) => {
  if (!run || !allowed) return undefined;
  const all = builds(run).flatMap(({ stage }) => packagesOf(stage).map(({ name }) => nameOf(name)));
  const others = [...new Set(all)].filter((name) => !allowed.some((one) => name.startsWith(one)));
  return others.length === 0 ? undefined : { rule: "names", names: others.toSorted(), allowed };
};

/** What is to be brought on as it is lies there as it was recorded when it was tested; a tree is the one that was published. */
export const digests: Rule = ({ run, way, stored }) => {
  if (!run || way !== "content") return undefined;
  const lost = builds(run).flatMap(({ kind, stage }) =>
    (kind === "image" ? imagesOf(stage) : packagesOf(stage)).filter(({ name, size, sha256 }) => {
      const there = stored?.get(`${stage.prefix ?? ""}${name}`);
      return sha256.length !== SHA256_HEX || there !== size;
    }),
  );
  const files = [...lost.map(({ name }) => name), ...strangeTrees(run)];
  return files.length === 0 ? undefined : { rule: "digests", files };
};

/** The refs of trees of which a build told another commit than was published. */
function strangeTrees(run: Run): readonly string[] {
  const published = new Map(
    run.stages
      .filter(({ kind, state }) => kind === "publish" && state === "passed")
      .flatMap(({ facts }) => Object.entries(facts ?? {})),
  );
  return builds(run).flatMap(({ tree, stage }) => {
    if (!tree || "wrong" in tree) return [];
    const { ref } = tree;
    // Where others were published meanwhile, the same tree has another commit; the publisher tells both.
    const told =
      published.get(`composed for ${ref}, before others were published`) ?? published.get(`commit of ${ref}`);
    return told !== undefined && told !== commitOf(stage) ? [tree.ref] : [];
  });
}

const SHA256_HEX = 64;

interface Built {
  readonly job: string;
  readonly kind: RecipeKind;
  readonly tree: Job["tree"];
  readonly stage: Stage;
}

/** The builds that passed, with the names of their jobs. */
function builds({ jobs, stages }: Run): readonly Built[] {
  return jobs.flatMap(({ name: job, build, tree, recipe: { kind } }) => {
    const stage = stages.find(({ name, state }) => name === build && state === "passed");
    return stage ? [{ job, kind, tree, stage }] : [];
  });
}

const packagesOf = ({ files = [] }: Stage): readonly File[] =>
  files.filter(({ name }) => name.endsWith(".rpm"));

/** `greet-devel-1.0-1.x86_64.rpm` is of `greet-devel`. */
const nameOf = (file: string): string => withoutSuffix(file).split("-").slice(0, -2).join("-");
