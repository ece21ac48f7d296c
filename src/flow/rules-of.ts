import { CONFIG_PATH, type Config, type ConfigProblem, readConfig } from "../bot/config/config.ts";
import { fedByPushes } from "../bot/config/channels.ts";
import type { RepoRef } from "../bot/events.ts";
import type { Deployment } from "../pipelines/deployment.ts";
import { pullChannel } from "../pipelines/pull-channel.ts";
import type { Trigger } from "../pipelines/run.ts";
import type { At, GitHub } from "../ports-github.ts";
import type { Clock } from "../ports.ts";

/** The repository's rules, always from its default branch; or why they cannot be read. */
export async function rulesOf(
  {
    github,
    deployment,
    clock,
  }: {
    readonly github: Pick<GitHub, "file">;
    readonly deployment: Pick<Deployment, "targets" | "defaults" | "aliases">;
    readonly clock: Clock;
  },
  repo: At & Pick<RepoRef, "defaultBranch">,
): Promise<Config | readonly ConfigProblem[]> {
  return readConfig((await github.file(repo, CONFIG_PATH, repo.defaultBranch)) ?? "", deployment, clock());
}

export const isConfig = (config: Config | readonly ConfigProblem[]): config is Config =>
  !Array.isArray(config);

/** The channel that a branch feeds. */
export function channelOf(config: Config, repo: RepoRef, branch: string): string | undefined {
  return Object.entries(fedByPushes(config, repo)).find(([, channel]) => channel.branch === branch)?.[0];
}

/** Where what a trigger asks for is published to, if it may be. */
export function channelFor(
  { config, repo, deployment }: { config: Config; repo: RepoRef; deployment: Pick<Deployment, "pullKey"> },
  trigger: Trigger,
): string | undefined {
  switch (trigger.kind) {
    case "push":
    case "rebuild":
      return channelOf(config, repo, trigger.branch);
    case "pull":
      // Here too a private repository's rules must say that they want it.
      return deployment.pullKey && (config.pulls.publish ?? !repo.private)
        ? pullChannel(trigger.number)
        : undefined;
    case "nightly":
    case "promotion":
    case "rollback":
      return trigger.channel;
    case "queue":
      return undefined;
    default:
      return trigger satisfies never;
  }
}
