import { type Cast, ownerOf, personOf } from "./cast.ts";

export interface ShownCheck {
  readonly id: number;
  readonly name: string;
  readonly status: string;
  readonly conclusion: string | null;
  readonly title: string;
  readonly summary: string;
  readonly log: boolean;
  readonly remarks: number;
}

/** All check runs at a commit, by name and then oldest first. */
export async function checksAt(cast: Cast, ref: string): Promise<readonly ShownCheck[]> {
  const { checks } = personOf(cast, "owner").octokit.rest;
  const { data } = await checks.listForRef({
    owner: ownerOf(cast),
    repo: cast.repo,
    ref,
    filter: "all",
    per_page: 100,
  });
  return data.check_runs
    .map(({ id, name, status, conclusion, output, details_url }) => ({
      id,
      name,
      status,
      conclusion,
      title: output.title ?? "",
      summary: output.summary ?? "",
      log: details_url?.endsWith(".txt") ?? false,
      remarks: output.annotations_count,
    }))
    .toSorted((a, b) => (a.name === b.name ? a.id - b.id : a.name < b.name ? -1 : 1));
}

/** What we said on a pull request. */
export async function ourComment(cast: Cast, number: number): Promise<string | undefined> {
  const { issues } = personOf(cast, "owner").octokit.rest;
  const { data } = await issues.listComments({
    owner: ownerOf(cast),
    repo: cast.repo,
    issue_number: number,
    per_page: 100,
  });
  const ours = data.filter(({ user }) => user?.type === "Bot");
  if (ours.length > 1) throw new Error(`there are ${ours.length} comments of ours on ${number}`);
  return ours[0]?.body;
}
