import type { Config } from "../bot/config/config.ts";
import type { Deployment } from "../pipelines/deployment.ts";
import type { At, GitHub } from "../ports-github.ts";
import type { Clock } from "../ports.ts";
import { isConfig, rulesOf } from "./rules-of.ts";

/** The rules as they are now of a repository that only a record names; nothing, if they cannot be read. */
export async function rulesOfRun(
  ports: {
    readonly github: Pick<GitHub, "file" | "defaultBranch">;
    readonly deployment: Pick<Deployment, "targets" | "defaults" | "aliases">;
    readonly clock: Clock;
  },
  repo: At,
): Promise<Config | undefined> {
  const defaultBranch = await ports.github.defaultBranch(repo);
  if (defaultBranch === undefined) return undefined;
  const config = await rulesOf(ports, { ...repo, defaultBranch });
  return isConfig(config) ? config : undefined;
}
