import { until } from "./story.ts";
import type { Village } from "./village.ts";

export interface Shown {
  readonly id: number;
  readonly name: string;
  readonly status: string;
  readonly conclusion: string | null;
  readonly title: string;
  readonly summary: string;
}

/** All check runs at a commit, also those that a newer one has taken the place of. */
export async function checksAt({ octokit, owner, repo }: Village, ref: string): Promise<readonly Shown[]> {
  const { data } = await octokit.rest.checks.listForRef({ owner, repo, ref, filter: "all" });
  return data.check_runs
    .map(({ id, name, status, conclusion, output }) => ({
      id,
      name,
      status,
      conclusion,
      title: output.title ?? "",
      summary: output.summary ?? "",
    }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** A check run once it says this. */
export const shownAt = (village: Village, ref: string, wanted: Partial<Shown>): Promise<Shown> =>
  until(`a check run like ${JSON.stringify(wanted)}`, async () =>
    (await checksAt(village, ref)).find((one) =>
      Object.entries(wanted).every(([key, value]) =>
        Object.entries(one).some(([k, v]) => k === key && v === value),
      ),
    ),
  );
