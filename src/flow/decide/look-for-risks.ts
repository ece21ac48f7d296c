import type { RepoRef } from "../../bot/events.ts";
import { ackedBefore } from "../../bot/review/review.ts";
import { type Files, risks } from "../../bot/risk/risk.ts";
import { isWatched } from "../../bot/risk/findings.ts";
import { riskList } from "../../bot/words/risk.ts";
import type { Judged } from "./judge-pull.ts";
import type { DecidePorts } from "./ports.ts";

/** So many files are looked at; a change of more is not one that somebody takes in at a glance. */
const FILES = 30;

/** What got riskier since the commit that was ACKed last, or else since the base: for whoever is to ACK. */
export async function lookForRisks(
  { github }: Pick<DecidePorts, "github">,
  repo: RepoRef,
  { pull, review }: Pick<Judged, "pull" | "review">,
): Promise<string> {
  const since = ackedBefore(review, pull.sha) ?? pull.base.sha;
  const changed = await github.changed(repo, since, pull.sha);
  if (changed === "too-many") return riskList("too-many", since);
  const watched = [...new Set(changed)].filter(isWatched);
  const read = async (sha: string): Promise<Files> => {
    const texts = await Promise.all(
      watched.slice(0, FILES).map(async (path) => [path, await github.file(repo, path, sha)] as const),
    );
    return new Map(texts.flatMap(([path, text]) => (text === undefined ? [] : [[path, text] as const])));
  };
  const [before, after] = await Promise.all([read(since), read(pull.sha)]);
  return riskList(watched.length > FILES ? "too-many" : risks(before, after), since);
}
