import type { RepoRef } from "../bot/events.ts";
import type { Deployment } from "../pipelines/deployment.ts";
import type { GitHubWatch } from "../ports-github.ts";

/** The repositories that the app is installed in, of the accounts that this deployment serves. */
export async function served({
  github,
  deployment: { accounts },
}: {
  readonly github: Pick<GitHubWatch, "repositories">;
  readonly deployment: Pick<Deployment, "accounts">;
}): Promise<readonly RepoRef[]> {
  const repositories = await github.repositories();
  return repositories.filter(({ ownerId }) => !accounts || accounts.includes(ownerId));
}
