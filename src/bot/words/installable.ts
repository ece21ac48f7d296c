import type { Run } from "../../pipelines/run.ts";
import type { Stage } from "../../pipelines/stage.ts";
import { packageNames } from "../package-names.ts";
import { code } from "../markdown/markdown.ts";
import { install } from "./install.ts";

/** More targets than these are told by their addresses alone. */
const TARGETS = 3;

/** How to install what a publish stage has put into its channel, target by target. */
export function installable(run: Run, { state, facts = {} }: Stage): string {
  if (state !== "passed") return "";
  const published = Object.entries(facts).flatMap(([name, address]) =>
    name.startsWith(REPOSITORY) ? [{ target: name.slice(REPOSITORY.length), address }] : [],
  );
  return published
    .slice(0, TARGETS)
    .map(({ target, address }) => {
      const url = address.slice(0, address.lastIndexOf("/"));
      const packages = packageNames(filesFor(run, target));
      const lines = install({ repo: run.repo.name, channel: run.channel ?? "", target, url, packages });
      return lines === "" ? "" : `**For ${code(target)}**\n\n${lines}`;
    })
    .filter((part) => part !== "")
    .join("\n\n");
}

/** The fact by which the publish stage tells the address of a target's `.repo` file. */
const REPOSITORY = "repository for ";

function filesFor({ jobs, stages }: Run, target: string) {
  const builds = new Set(jobs.filter((job) => job.target === target).map(({ build }) => build));
  return stages
    .filter(({ name, state }) => builds.has(name) && state === "passed")
    .flatMap(({ files = [] }) => files);
}
