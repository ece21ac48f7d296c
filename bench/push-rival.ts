import { Octokit } from "@octokit/rest";
import { githubClients } from "../src/platform/github/client.ts";

interface Asked {
  readonly app: { readonly appId: number; readonly privateKey: string; readonly api: string };
  readonly at: {
    readonly id: number;
    readonly owner: string;
    readonly name: string;
    readonly installation: number;
  };
  readonly number: number;
  readonly author: string;
  readonly targets: number;
}

/**
 * The shape of packit's service: one token, the pull request, its author's right, the configuration, then a status of
 * its own for each target, one after the other, before the build is submitted. A small loop without a queue, a ledger
 * or records, so that it is better off than its model in all but the shape. Gives how many calls it made.
 */
export async function oneByOne({ app, at, number, author, targets }: Asked): Promise<number> {
  const where = { owner: at.owner, repo: at.name };
  const token = await githubClients(app).token(at, {
    checks: "write",
    contents: "read",
    metadata: "read",
    pull_requests: "read",
  });
  const { rest } = new Octokit({ auth: token, baseUrl: app.api });
  const { data: pull } = await rest.pulls.get({ ...where, pull_number: number });
  await rest.repos.getCollaboratorPermissionLevel({ ...where, username: author });
  await rest.repos.getContent({ ...where, path: ".millwright.yml" });
  for (let target = 0; target < targets; target += 1)
    await rest.checks.create({
      ...where,
      name: `rival:${target}`,
      head_sha: pull.head.sha,
      status: "queued",
    });
  return 4 + targets;
}
