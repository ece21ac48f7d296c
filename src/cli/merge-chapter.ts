import type { RootArch } from "../local/distribution/build-root.ts";
import { tryInstall } from "./install.ts";
import { type Change, propose } from "./propose.ts";
import { type CheckRun, checkNamed, jobsOf, untilChecks, WHOLE } from "./see.ts";
import { type Chapter, hold, type Stage } from "./stage.ts";
import { merge } from "./town.ts";

/** A recipe's way from a pull request to people's machines. */
export interface Own {
  readonly change: Change;
  /** What is installed from the mirror at the end, and what is run then. */
  readonly packages: readonly string[];
  readonly command?: readonly string[];
}

/** A pull request is built and merged, and what comes of it is published and installed; what is advisory follows later. */
export function mergeChapters(
  own: Own,
  arches: readonly RootArch[],
): {
  readonly first: Chapter;
  readonly last: readonly Chapter[];
} {
  let merged = "";
  const first: Chapter = {
    name: "From a pull request to the mirror",
    async play(stage) {
      const number = await proposeAndBuild(stage, own);
      stage.tell.step(
        "maria, the maintainer, merges. The push to main is built again in the trusted projects and published.",
      );
      merged = await merge(stage.town, number);
      const mirror = await publishedAs(stage, merged);
      await installBoth(stage, { ...own, ...mirror, arch: arches[0] ?? "x86_64" });
    },
  };
  const last: Chapter = {
    name: "What is advisory follows",
    async play(stage) {
      stage.tell.step("The other arches kept nobody waiting; when they are built, they join the channel.");
      const checks = await untilChecks(stage, merged, (all) =>
        all.every(({ status }) => status === "completed"),
      );
      const late = jobsOf(checks).filter(({ name }) => !name.endsWith(`-${arches[0]}`));
      hold(stage, `passed: ${namesOf(late)}`, late.length > 0 && late.every(isGreen));
      const backfill = checkNamed(checks, "backfill:devel");
      hold(stage, "they are in the channel", backfill !== undefined && isGreen(backfill));
    },
  };
  return { first, last: arches.length > 1 ? [last] : [] };
}

const isGreen = ({ conclusion }: CheckRun): boolean => conclusion === "success";

const namesOf = (checks: readonly CheckRun[]): string => checks.map(({ name }) => name).join(", ");

async function proposeAndBuild(stage: Stage, { change }: Own): Promise<number> {
  stage.tell.step(`carol, a contributor, opens a pull request from her fork: "${change.title}".`);
  const pull = await propose(stage.world.github, stage.town, change);
  stage.tell.detail(pull.url);
  stage.tell.step("Millwright hears the webhook, decides, plans the jobs and starts them.");
  const checks = await untilChecks(stage, pull.sha);
  hold(stage, `the check ${WHOLE} is green`, checkNamed(checks, WHOLE)?.conclusion === "success");
  return pull.number;
}

/** Waits for what is required, and reads where the check says that the channel is. */
async function publishedAs(stage: Stage, sha: string) {
  const checks = await untilChecks(stage, sha, (all) =>
    [WHOLE, "publish:devel"].every((name) => checkNamed(all, name)?.status === "completed"),
  );
  hold(stage, "main is green", checkNamed(checks, WHOLE)?.conclusion === "success");
  return repositoryIn(checkNamed(checks, "publish:devel"));
}

/** A check that published says the address of the `.repo` file. */
export function repositoryIn(check: CheckRun | undefined) {
  const repoUrl = /https?:\/\/\S+?\.repo(?=`)/.exec(check?.output.summary ?? "")?.[0];
  if (repoUrl === undefined) throw new Error(`the check ${check?.name ?? "publish"} names no .repo file`);
  return { repoUrl, keyUrl: new URL("RPM-GPG-KEY-millwright", repoUrl).href };
}

interface Wanted extends Own {
  readonly repoUrl: string;
  readonly keyUrl: string;
  readonly arch: RootArch;
}

async function installBoth(stage: Stage, wanted: Wanted): Promise<void> {
  stage.tell.step("The channel is on the mirror: signed packages, signed metadata.");
  stage.tell.detail(wanted.repoUrl, wanted.keyUrl);
  for (const client of ["dnf", "zypper"] as const) await installBy(stage, client, wanted);
}

export const installBy = async (
  stage: Stage,
  client: "dnf" | "zypper",
  wanted: Omit<Wanted, "change">,
): Promise<void> => void (await installFrom(stage, client, wanted));

/** Somebody installs from the mirror with all checks on; what the client said. */
export async function installFrom(stage: Stage, client: "dnf" | "zypper", wanted: Omit<Wanted, "change">) {
  const { tell, world } = stage;
  const names = wanted.packages.join(" and ");
  tell.step(`${client} installs ${names} from the mirror into a fresh root, all signature checks on.`);
  const said = await tryInstall(client, { ...wanted, base: await world.roots.of(wanted.arch) });
  tell.detail(said.output.trimEnd().split("\n").slice(-12).join("\n"));
  hold(stage, `${names} installed`, said.code === 0);
  return said;
}
