import type { WrongResults } from "../pipelines/results.ts";
import type { Job, Run } from "../pipelines/run.ts";
import type { File, Stage } from "../pipelines/stage.ts";
import type { ConfigProblem } from "./config.ts";
import { artifacts } from "./artifacts.ts";
import { code, fence } from "./markdown.ts";

/** Every sentence the bot says stands in this file. */

export interface Notice {
  readonly title: string;
  readonly summary: string;
}

const DOING: Readonly<Record<Stage["kind"], string>> = {
  source: "Fetching sources",
  build: "Building",
  publish: "Signing and publishing",
};

const DONE: Readonly<Record<Stage["kind"], string>> = {
  source: "Sources are there",
  build: "Built",
  publish: "Published",
};

const SUBJECT: Readonly<Record<Stage["kind"], string>> = {
  source: "Fetching the sources",
  build: "The build",
  publish: "Publishing",
};

/** The line that people see in the list of checks. */
export function title(stage: Stage, job?: Job): string {
  const tier = job?.tier === "advisory" ? " (advisory: does not block)" : "";
  return `${plainTitle(stage, job)}${tier}`;
}

function plainTitle(stage: Stage, job: Job | undefined): string {
  const subject = SUBJECT[stage.kind];
  switch (stage.state) {
    case "waiting":
      return stage.kind === "publish" ? "Waiting for the builds" : "Waiting for the sources";
    case "ready":
    case "starting":
      return `${DOING[stage.kind]}: waiting for a builder`;
    case "running":
      return `${DOING[stage.kind]}${stage.phase ? ` (${stage.phase})` : ""}`;
    case "passed":
      return job ? `${DONE[stage.kind]}: ${packages(stage.files ?? [])}` : DONE[stage.kind];
    case "failed":
      return `${subject} failed`;
    case "timed-out":
      return `${subject} took too long and was stopped`;
    case "errored":
      return `${subject} could not be carried out: infrastructure trouble, not your change`;
    case "cancelled":
      return "Cancelled";
    case "skipped":
      return `Not begun, since ${stage.because ?? "something before it"} did not pass`;
    default:
      return stage.state satisfies never;
  }
}

function packages(files: readonly File[]): string {
  const count = files.filter(({ name }) => name.endsWith(".rpm") && !name.endsWith(".src.rpm")).length;
  return count === 1 ? "1 package" : `${count} packages`;
}

export function jobSummary(run: Run, job: Job, stage: Stage): string {
  const facts = `${code(job.recipe.path)} for ${code(job.target)} on ${code(job.arch)}, at ${commit(run)}${attempt(stage)}.`;
  return [facts, reused(stage), why(stage), artifacts(stage)].filter((part) => part !== "").join("\n\n");
}

export function publishSummary(run: Run, stage: Stage): string {
  const facts = `Channel ${code(run.channel ?? "")}, from ${commit(run)}${attempt(stage)}.`;
  const told = Object.entries(stage.facts ?? {}).map(([name, value]) => `- ${name}: ${code(value)}`);
  return [facts, told.join("\n"), why(stage)].filter((part) => part !== "").join("\n\n");
}

export const publishName = (stage: string): string => stage.replace("/", ":");

function commit({ trigger, zone }: Run): string {
  if (trigger.kind === "push")
    return `${code(trigger.sha.slice(0, 10))} of ${code(trigger.branch)} (${zone})`;
  const into = `merged into ${code(trigger.base.slice(0, 10))} of ${code(trigger.branch)}`;
  return `${code(trigger.sha.slice(0, 10))} ${into} (${zone})`;
}

const attempt = (stage: Stage): string => (stage.attempt > 1 ? `, attempt ${stage.attempt}` : "");

function why(stage: Stage): string {
  if (!stage.because || stage.state === "skipped") return "";
  const isLog = stage.because.includes("\n");
  return isLog ? `What the log says:\n\n${fence(stage.because)}` : `Why: ${code(stage.because)}`;
}

const reused = ({ facts }: Stage): string =>
  facts?.["taken from"]
    ? `An equal build had passed already, so this one was taken from ${code(facts["taken from"])}.`
    : "";

/** Why a stage ended as it did, as kept in the record. */
export const because = {
  noResults: "The build passed but left no results.",
  results: (problem: WrongResults): string =>
    problem.wrong === "missing"
      ? `SHA256SUMS names ${problem.name}, which is not there.`
      : `SHA256SUMS has ${problem.wrong === "count" ? "too many files." : "a line that is none."}`,
  stopped: "The build was stopped from outside.",
  tooLarge: (file: string) => `The build left a ${file} that is too large to be one.`,
  noFacts: (file: string) => `The build left a ${file} that is not JSON.`,
  timedOut: "The time allowed for this stage was used up.",
  fault: (message: string) => `CodeBuild could not carry the build out: ${message}`,
  guessed: (lines: readonly string[]) => `No known error found; the end of the log:\n${lines.join("\n")}`,
  superseded: (sha: string) => `Superseded by ${sha.slice(0, 10)}.`,
  closed: "The pull request was closed.",
  noImage: (target: string, arch: string) => `This deployment no longer builds ${target} on ${arch}.`,
} as const;

export const notices = {
  untrusted: (rule: string): Notice => ({
    title: "Waiting for a committer",
    summary: `Nothing of this commit was built: ${rule}. A committer can open a pull request of their own with this commit, or add the author's numeric GitHub id to \`trusted\` in \`.millwright.yml\` on the default branch; this pull request is then closed and opened again to be built.`,
  }),
  config: (path: string, problems: readonly ConfigProblem[]): Notice => ({
    title: `${path} on the default branch has ${problems.length === 1 ? "a mistake" : `${problems.length} mistakes`}`,
    summary: `Nothing was built, since the rules cannot be read:\n\n${problems
      .slice(0, 50)
      .map((p) => `- line ${p.line}, column ${p.column}: ${code(p.because)}`)
      .join("\n")}`,
  }),
  unknownTarget: (target: string, known: readonly string[]): Notice => ({
    title: `Unknown target ${target}`,
    summary: `The config asks for the target ${code(target)}. This deployment knows ${known.map((k) => code(k)).join(", ")}.`,
  }),
  unknownArch: (target: string, arch: string, known: readonly string[]): Notice => ({
    title: `${target} is not built on ${arch}`,
    summary: `The config asks for ${code(target)} on ${code(arch)}. This deployment builds it on ${known.map((k) => code(k)).join(", ")}.`,
  }),
  noRecipes: (): Notice => ({
    title: "Nothing to build",
    summary: "No recipe was found at this commit. Millwright builds every `*.spec` outside hidden folders.",
  }),
  noTargets: (path: string): Notice => ({
    title: "The config names no target",
    summary: `\`targets\` in \`${path}\` on the default branch asks for no arch at all, so there is nothing to build. Name a target with at least one arch, or leave \`targets\` out to get this deployment's defaults.`,
  }),
  settled: (): Notice => ({
    title: "Settled: this commit is built",
    summary: "What kept this commit from being built is settled. The checks beside this one say how it goes.",
  }),
} as const;

/** By which rule a pull request is built, or is not. */
export const rules = {
  canWrite: "the author may write to this repository",
  trusted: "the config on the default branch trusts the author",
  neither: "the author may not write here and the config does not trust them",
} as const;

/** Mistakes in the config that no schema tells of. */
export const mistakes = {
  tooLong: (characters: number) => `The file has more than ${characters} characters.`,
  tooDeep: "The file nests deeper than any config does.",
  alias: "Aliases are not allowed here.",
} as const;

/** What became of a delivery, for the ledger. */
export const ledger = {
  tag: "tag pushes start nothing yet",
  deleted: "the branch was deleted",
  notOurCheck: "the check run is not one of ours",
  notInstalled: "the delivery names no installation",
  rerun: "a check was asked to run again",
  foreign: "this account is not served by this deployment",
  closed: "the pull request is closed",
  gone: "GitHub no longer has it",
  notOpen: "the pull request is not open",
  noRun: "there is no run that this asks about",
  noChannel: (branch: string) => `no channel is fed by the branch ${branch}`,
  isProtected: (branch: string) => `the branch ${branch} is protected and feeds a channel`,
  notProtected: (branch: string) => `the branch ${branch} is not protected: built, but not published`,
  event: (name: string) => `${name} is not an event that starts anything`,
} as const;

export const stickyMarker = "<!-- millwright:sticky -->";

/** The one comment on a pull request: what is built, and how it stands. */
export function sticky(
  run: Run,
  rows: readonly { name: string; title: string; url?: string | undefined }[],
): string {
  const head = `**Millwright** at ${commit(run)}`;
  const table = rows.map(
    ({ name, title, url }) => `| ${code(name)} | ${title} | ${url ? `[log](${url})` : ""} |`,
  );
  return `${stickyMarker}\n${head}\n\n| job | state | |\n|---|---|---|\n${table.join("\n")}\n`;
}
