import type { Job } from "../../pipelines/run.ts";
import type { File, Stage } from "../../pipelines/stage.ts";
import { upgradeOf } from "../../pipelines/upgrade.ts";
import { bootTitle } from "./boot.ts";
import { madeTitle } from "./tree.ts";
import { upgradeTitle } from "./upgrade.ts";

/** What stages are called while they wait, are under way and are over. */

const DOING: Readonly<Record<Stage["kind"], string>> = {
  source: "Fetching sources",
  build: "Building",
  check: "Booting it",
  publish: "Signing and publishing",
};

const DONE: Readonly<Record<Stage["kind"], string>> = {
  source: "Sources are there",
  build: "Built",
  check: "It boots",
  publish: "Published",
};

const WAITING: Readonly<Record<Stage["kind"], string>> = {
  source: "Waiting for the sources",
  build: "Waiting for the sources",
  check: "Waiting for the build",
  publish: "Waiting for the builds",
};

const SUBJECT: Readonly<Record<Stage["kind"], string>> = {
  source: "Fetching the sources",
  build: "The build",
  check: "The boot check",
  publish: "Publishing",
};

const isUpgrade = ({ kind }: Stage, job: Job | undefined): boolean =>
  kind === "check" && job?.recipe.kind === "tree";
export const doingOf = (stage: Stage, job?: Job): string =>
  isUpgrade(stage, job) ? "Upgrading to it" : DOING[stage.kind];
export const subjectOf = (stage: Stage, job?: Job): string =>
  isUpgrade(stage, job) ? "The upgrade check" : SUBJECT[stage.kind];

export const waitingFor = ({ kind }: Stage, job: Job | undefined): string =>
  kind === "build" && job?.from !== undefined ? "Waiting for its tree" : WAITING[kind];

/** What came of a stage that passed. */
export function doneSaid(stage: Stage, job: Job | undefined): string {
  const upgrade = upgradeOf(stage);
  if (stage.boot) return bootTitle(stage.boot);
  if (upgrade) return upgradeTitle[upgrade];
  if (!job) return DONE[stage.kind];
  return madeTitle(stage, job) ?? `${DONE[stage.kind]}: ${packages(stage.files ?? [])}`;
}

function packages(files: readonly File[]): string {
  const count = files.filter(({ name }) => name.endsWith(".rpm") && !name.endsWith(".src.rpm")).length;
  return count === 1 ? "1 package" : `${count} packages`;
}
