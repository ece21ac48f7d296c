import type { Run } from "../../pipelines/run.ts";
import { rulesOfRun } from "../rules-of-run.ts";

/** How long the channel of a release is supported, as the rules say by now. */
export async function supportOf(
  ports: Parameters<typeof rulesOfRun>[0],
  { repo, trigger }: Run,
): Promise<{ readonly supportUntil?: string }> {
  if (trigger.kind !== "promotion" && trigger.kind !== "rollback") return {};
  const rules = await rulesOfRun(ports, repo);
  const until = rules?.channels?.[trigger.channel]?.supportUntil;
  return until === undefined ? {} : { supportUntil: until };
}
