import { changeView, commitView } from "./commit-view.ts";
import { changes, emptyTree, patches } from "./diff.ts";
import {
  ok,
  onRepository,
  page,
  param,
  type Operation,
  type Reply,
  type RepositoryCall,
} from "./operation.ts";
import { found, refuse } from "./refusal.ts";
import { repositoryUrls } from "./repository-view.ts";

/** Files that a commit lists at most, over all pages. */
const mostCommitFiles = 3000;
const mostComparedFiles = 300;
const mostComparedCommits = 250;

const getCommit = async (call: RepositoryCall): Promise<Reply> => {
  const { bare, world, repository } = call;
  const name = param(call, "ref");
  const sha = await bare.commit(name);
  if (!sha) throw refuse(422, `No commit found for SHA: ${name}`);
  // The whole answer may be a SHA alone: a cheap look whether a branch moved.
  if (call.headers.get("accept")?.includes(".sha"))
    return {
      status: 200,
      body: new Uint8Array(Buffer.from(sha)),
      headers: { "content-type": "application/vnd.github.sha; charset=utf-8" },
    };
  const commit = await bare.info(sha);
  const parent = commit.parents[0] ?? emptyTree;
  const list = (await changes(bare, parent, sha)).slice(0, mostCommitFiles);
  const texts = await patches(bare, parent, sha);
  const { items, headers } = page(call, list);
  const sum = (key: "additions" | "deletions"): number =>
    list.reduce((total, change) => total + change[key], 0);
  const [additions, deletions] = [sum("additions"), sum("deletions")];
  return ok(
    {
      ...commitView(world, repository, commit),
      stats: { additions, deletions, total: additions + deletions },
      files: items.map((change) =>
        changeView(world, repository, { change, sha, patch: texts.get(change.filename) }),
      ),
    },
    headers,
  );
};

const listCommits = async (call: RepositoryCall): Promise<Reply> => {
  const { bare, world, repository, url } = call;
  const start = url.searchParams.get("sha") ?? repository.defaultBranch;
  const sha = found(await bare.commit(start));
  const shas = (await bare.log(sha, 10_000)).toReversed();
  const { items, headers } = page(call, shas);
  return ok(
    await Promise.all(items.map(async (one) => commitView(world, repository, await bare.info(one)))),
    headers,
  );
};

const statusOf = (ahead: number, behind: number): string => {
  if (ahead > 0) return behind > 0 ? "diverged" : "ahead";
  return behind > 0 ? "behind" : "identical";
};

/** `base...head`, three dots: what head has that base has not, since they parted. */
const compare = async (call: RepositoryCall): Promise<Reply> => {
  const { bare, world, repository } = call;
  const names = param(call, "basehead").split("...");
  const [base, head] = await Promise.all(names.map(async (name) => found(await bare.commit(name))));
  if (!base || !head || names.length !== 2) throw refuse(404, "Not Found");
  const parted = found(await bare.mergeBase(base, head), "No common ancestor between the two commits.");
  const { ahead, behind } = await bare.distance(base, head);
  const list = await changes(bare, parted, head);
  const texts = await patches(bare, parted, head);
  const show = async (sha: string) => commitView(world, repository, await bare.info(sha));
  const log = await bare.log(`${base}..${head}`, mostComparedCommits);
  const { items, headers } = page({ ...call, url: pageOfCommits(call.url) }, log);
  const urls = repositoryUrls(world, repository);
  const html = `${urls.html}/compare/${param(call, "basehead")}`;
  return ok(
    {
      url: `${urls.api}/compare/${param(call, "basehead")}`,
      html_url: html,
      permalink_url: html,
      diff_url: `${html}.diff`,
      patch_url: `${html}.patch`,
      base_commit: await show(base),
      merge_base_commit: await show(parted),
      status: statusOf(ahead, behind),
      ahead_by: ahead,
      behind_by: behind,
      total_commits: ahead,
      commits: await Promise.all(items.map(show)),
      files: list
        .slice(0, mostComparedFiles)
        .map((change) =>
          changeView(world, repository, { change, sha: head, patch: texts.get(change.filename) }),
        ),
    },
    headers,
  );
};

/** Without a page asked for, a comparison lists all of its commits (up to 250) at once. */
const pageOfCommits = (url: URL): URL => {
  if (url.searchParams.has("per_page") || url.searchParams.has("page")) return url;
  const whole = new URL(url);
  whole.searchParams.set("per_page", "100");
  return whole;
};

export const commitOperations: readonly Operation[] = [
  onRepository("GET /repos/{owner}/{repo}/commits", "contents:read", listCommits),
  onRepository("GET /repos/{owner}/{repo}/commits/{ref}", "contents:read", getCommit),
  onRepository("GET /repos/{owner}/{repo}/compare/{basehead}", "contents:read", compare),
];
