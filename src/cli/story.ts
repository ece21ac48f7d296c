import type { Run } from "../pipelines/run.ts";
import { isOver, type Stage as RunStage } from "../pipelines/stage.ts";
import { tryInstall } from "./install.ts";
import { runOf } from "./runs.ts";
import type { Teller } from "./tell.ts";
import { merge, propose, type Proposal, type Town } from "./town.ts";
import type { World } from "./world.ts";

/** Who is in the story, and who tells it. */
export interface Stage {
  readonly world: World;
  readonly town: Town;
  readonly tell: Teller;
}

export interface Chapter {
  readonly proposal: Proposal;
  /** What is installed from the mirror at the end, and what is run then. */
  readonly packages: readonly string[];
  readonly command?: readonly string[];
}

/** A pull request is built and merged, and what comes of it is published and installed. `false`: it did not go well. */
export async function happyChapter(stage: Stage, { proposal, packages, command }: Chapter): Promise<boolean> {
  const { world, town, tell } = stage;
  const { github, stack } = world;
  tell.step(`carol, a contributor, opens a pull request from her fork: "${proposal.title}".`);
  const pull = await propose(github, town, proposal);
  tell.detail(pull.url);
  tell.step("Millwright hears the webhook, decides, plans the jobs and starts them.");
  const built = await watch(stage, pull.sha);
  if (!isGreen(built)) return false;
  const proposed = mirrorOf(built);
  if (!proposed) return false;
  tell.step(
    "What the pull request built is in a channel of its own, signed by another key, until it is closed.",
  );
  tell.detail(proposed.repoUrl, proposed.keyUrl);
  tell.step(
    "maria, the maintainer, merges. The push to main is built again in the trusted projects and published.",
  );
  const published = await watch(stage, await merge(town, pull.number));
  if (!isGreen(published)) return false;
  const mirror = mirrorOf(published);
  if (!mirror) return false;
  tell.step("The channel is on the mirror: signed packages, signed metadata.");
  tell.detail(mirror.repoUrl, mirror.keyUrl);
  const arch = published.jobs.find(({ tier }) => tier === "required")?.arch ?? "x86_64";
  const base = await world.roots.of(arch === "aarch64" ? arch : "x86_64");
  for (const client of ["dnf", "zypper"] as const) {
    tell.step(
      `${client} installs ${packages.join(" and ")} from the mirror into a fresh root, all signature checks on.`,
    );
    const said = await tryInstall(client, { ...mirror, packages, base, ...(command && { command }) });
    tell.detail(said.output.trimEnd().split("\n").slice(-12).join("\n"));
    if (said.code !== 0) return false;
  }
  await stack.host.idle();
  return true;
}

/** A second pull request breaks the build: its check fails and shows the lines that say why. */
export async function sadChapter(stage: Stage, proposal: Proposal): Promise<boolean> {
  const { world, town, tell } = stage;
  tell.step(`carol opens another pull request: "${proposal.title}". It does not compile.`);
  const pull = await propose(world.github, town, proposal);
  tell.detail(pull.url);
  const run = await watch(stage, pull.sha);
  const { rest } = town.as(town.maintainer);
  const { data } = await rest.checks.listForRef({ owner: town.owner, repo: town.repo, ref: pull.sha });
  const failed = data.check_runs.filter(({ conclusion }) => conclusion === "failure");
  tell.step("The check on the pull request says why:");
  for (const { output } of failed.slice(0, 1))
    tell.detail(output.title ?? "", ...(output.summary ?? "").split("\n"));
  return (
    failed.length > 0 && failed.every(({ output }) => output.summary?.includes(": error: ")) && !isGreen(run)
  );
}

/** Follows a run to its end and tells each change of a stage once. */
async function watch({ world, tell }: Stage, sha: string): Promise<Run> {
  const told = new Set<string>();
  return runOf(world.stack, sha, ({ stages }) => {
    for (const line of stages.flatMap(newsOf).filter((one) => !told.has(one))) {
      told.add(line);
      tell.detail(line);
    }
  });
}

const UNSEEN: ReadonlySet<RunStage["state"]> = new Set(["waiting", "starting"]);

/** A stage in a line, and why it ended badly in another; nothing while there is nothing to see. */
function newsOf({ name, state, attempt, phase, startedAt, endedAt, because }: RunStage): string[] {
  if (UNSEEN.has(state) || (state === "running" && !phase)) return [];
  const seconds = (Date.parse(endedAt ?? "") - Date.parse(startedAt ?? "")) / 1000;
  const again = attempt > 1 ? ` (attempt ${attempt})` : "";
  const took = Number.isNaN(seconds) ? "" : `  (${seconds.toFixed(1)} s)`;
  const line = `${name}${again}: ${state}${state === "running" ? ` ${phase}` : ""}${took}`;
  return because && state !== "failed" && state !== "skipped" ? [line, `  ${because}`] : [line];
}

/** Every required job passed, and so did publishing where there was some. */
export function isGreen(run: Run): boolean {
  const required = new Set(
    run.jobs.filter(({ tier }) => tier === "required").flatMap(({ source, build }) => [source, build]),
  );
  return run.stages
    .filter(({ name, kind }) => required.has(name) || kind === "publish")
    .every((stage) => isOver(stage) && stage.state === "passed");
}

/** Where the run's publish stage says that its channel is. */
export function mirrorOf(run: Run): { readonly repoUrl: string; readonly keyUrl: string } | undefined {
  const facts = run.stages.find(({ kind, state }) => kind === "publish" && state === "passed")?.facts ?? {};
  const repoUrl = Object.entries(facts).find(([name]) => name.startsWith("repository for "))?.[1];
  return repoUrl === undefined
    ? undefined
    : { repoUrl, keyUrl: new URL("RPM-GPG-KEY-millwright", repoUrl).href };
}
