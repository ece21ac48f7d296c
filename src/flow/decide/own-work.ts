import type { Run } from "../../pipelines/run.ts";
import { OwnWork, ownWorkKey } from "../../pipelines/service/update-records.ts";
import type { Blobs } from "../../ports.ts";

interface Ports {
  readonly ownCommits: Pick<Blobs, "get">;
}

/** What is to be done for a commit of ours besides its texts. */
export async function ownWorkOf(
  { ownCommits }: Ports,
  repo: number,
  sha: string,
): Promise<OwnWork | undefined> {
  const kept = await ownCommits.get(ownWorkKey(repo, sha));
  return kept && OwnWork.parse(JSON.parse(new TextDecoder().decode(kept.value)));
}

/** What runs before the sources of a commit are collected: of what is ours alone, nobody else's commit is worked on. */
export const updatingOf = async (
  ports: Ports,
  { repo, trigger, leave }: { readonly repo: { readonly id: number } } & Pick<Run, "trigger" | "leave">,
): Promise<OwnWork | undefined> =>
  leave.rule === "ownUpdate" ? ownWorkOf(ports, repo.id, trigger.sha) : undefined;
