import type { Config } from "../../bot/config/config.ts";
import { aliasesKey, followedBy, seenWith, usedAliases } from "../../pipelines/aliases-seen.ts";
import type { Run } from "../../pipelines/run.ts";
import { changeRecord } from "../change-record.ts";
import type { DecidePorts } from "./ports.ts";

/** The rules with their aliases as they stood when a run was laid out: one that moves changes nothing of it. */
export function laidAliases(config: Config, run: Pick<Run, "aliases"> | undefined): Config {
  if (!run?.aliases) return config;
  const laid = Object.fromEntries(run.aliases.map(({ alias, target }) => [alias, target]));
  return { ...config, aliases: { ...config.aliases, ...laid } };
}

interface Following {
  readonly repo: Pick<Run["repo"], "id">;
  readonly config: Config;
  readonly id: string;
  /** The run as it was laid out before, if it was. */
  readonly known: Run | undefined;
}

/** What a run's aliases stand for; that one moved is told by the first run after that, and by no other. */
export async function followAliases(
  ports: Pick<DecidePorts, "aliases" | "deployment">,
  { repo, config, id, known }: Following,
): Promise<Run["aliases"]> {
  if (known) return known.aliases;
  const names = config.targets ? Object.keys(config.targets) : ports.deployment.defaults;
  const used = usedAliases(config.aliases, names);
  if (Object.keys(used).length === 0) return undefined;
  const seen = await changeRecord(ports.aliases, aliasesKey(repo.id), (was) => seenWith(was, used, id));
  return followedBy(seen, used, id);
}
