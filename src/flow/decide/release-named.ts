import { isNumber, releaseKey, runIdOf } from "../../pipelines/release/release.ts";
import { type Run, runKey } from "../../pipelines/run.ts";
import type { PromotionPorts } from "./promotion.ts";

/** The run of a release that somebody calls `<channel>/<number>`. */
export async function releaseNamed(
  { releases, runs }: PromotionPorts,
  repo: number,
  word: string,
): Promise<Run | undefined> {
  const slash = word.lastIndexOf("/");
  const [channel, number] = [word.slice(0, Math.max(slash, 0)), word.slice(slash + 1)];
  if (channel === "" || !isNumber(number)) return undefined;
  const release = (await releases.read(releaseKey(repo, channel, number)))?.value;
  return release && (await runs.read(runKey(runIdOf(release))))?.value;
}
