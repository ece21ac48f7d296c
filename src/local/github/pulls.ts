import { z } from "zod";
import { gitHubTime } from "./commit-object.ts";
import { changeView, commitView } from "./commit-view.ts";
import { refreshMerge } from "./merge-refs.ts";
import {
  actor,
  ok,
  onRepository,
  page,
  paramNumber,
  readBody,
  type Operation,
  type Reply,
  type RepositoryCall,
} from "./operation.ts";
import { maintains } from "./permissions.ts";
import { forkPoint, isPull, pullChanges, pullPatches, pullView, wholePullView } from "./pull-view.ts";
import { closePull } from "./ref-moved.ts";
import { found, invalid, refuse } from "./refusal.ts";
import type { PullIssue } from "./state.ts";
import { tellPull } from "./tell-pull.ts";

export const pullAt = (call: RepositoryCall): PullIssue =>
  found(
    call.world.state.issues
      .filter(isPull)
      .find(
        (one) => one.repository === call.repository.id && one.number === paramNumber(call, "pull_number"),
      ),
  );

const listPulls = (call: RepositoryCall): Reply => {
  const { world, repository, url } = call;
  const [state, head, base] = ["state", "head", "base"].map((name) => url.searchParams.get(name));
  const matching = world.state.issues
    .filter(isPull)
    .filter((issue) => issue.repository === repository.id)
    .filter((issue) => state === "all" || issue.state === (state ?? "open"))
    .filter((issue) => !base || issue.pull.baseRef === base)
    .filter((issue) => !head || (pullView(world, issue)["head"] as { label: string }).label === head);
  const newestFirst = url.searchParams.get("direction") === "asc" ? matching : matching.toReversed();
  const { items, headers } = page(call, newestFirst);
  return ok(
    items.map((issue) => pullView(world, issue)),
    headers,
  );
};

const ChangedPull = z.object({
  title: z.string().optional(),
  body: z.string().nullish(),
  state: z.enum(["open", "closed"]).optional(),
  base: z.string().optional(),
});

const updatePull = async (call: RepositoryCall): Promise<Reply> => {
  const { world } = call;
  const issue = pullAt(call);
  const by = actor(call);
  if (issue.author !== by.id && !maintains(call.repository, call.caller))
    throw refuse(403, "Must have push access to Repository.");
  const input = readBody(call, ChangedPull, "PullRequest");
  const { baseRef, base } = issue.pull;
  const before = { title: issue.title, body: issue.body, baseRef, base };
  issue.title = input.title ?? issue.title;
  if (input.body !== undefined) issue.body = input.body;
  if (input.base && input.base !== baseRef) await changeBase(call, issue, input.base);
  issue.updatedAt = gitHubTime(world.now());
  const changes = editsOf(before, issue);
  if (Object.keys(changes).length > 0)
    await tellPull(world, issue, { action: "edited", by, more: { changes }, ...wordsOf(before, issue) });
  if (input.state === "closed" && issue.state === "open") await closePull(world, issue, by);
  if (input.state === "open" && issue.state === "closed") await reopen(call, issue);
  return ok(await wholePullView(world, issue));
};

const changeBase = async ({ world, bare }: RepositoryCall, issue: PullIssue, base: string): Promise<void> => {
  if (!(await bare.ref(`refs/heads/${base}`))) throw invalid("PullRequest", "base", "invalid");
  issue.pull.baseRef = base;
  await refreshMerge(world, issue);
};

interface Before {
  readonly title: string;
  readonly body: string | null;
  readonly baseRef: string;
  readonly base: string;
}

/** What an edit comes to for people: another base, or another title. */
const wordsOf = ({ title, baseRef }: Before, issue: PullIssue) => {
  if (baseRef !== issue.pull.baseRef) return { from: `base ${baseRef}`, to: `base ${issue.pull.baseRef}` };
  return title === issue.title ? {} : { from: title, to: issue.title };
};

const editsOf = (before: Before, issue: PullIssue) => ({
  ...(before.title === issue.title ? {} : { title: { from: before.title } }),
  ...(before.body === issue.body ? {} : { body: { from: before.body ?? "" } }),
  ...(before.baseRef === issue.pull.baseRef
    ? {}
    : { base: { ref: { from: before.baseRef }, sha: { from: before.base } } }),
});

const reopen = async (call: RepositoryCall, issue: PullIssue): Promise<void> => {
  if (issue.pull.mergedAt) throw refuse(422, "Validation Failed", { errors: [{ message: "it is merged" }] });
  issue.state = "open";
  issue.closedAt = null;
  await refreshMerge(call.world, issue);
  await tellPull(call.world, issue, { action: "reopened", by: actor(call) });
};

const listFiles = async (call: RepositoryCall): Promise<Reply> => {
  const { world, repository } = call;
  const issue = pullAt(call);
  const texts = await pullPatches(world, issue);
  const { items, headers } = page(call, (await pullChanges(world, issue)).slice(0, 3000));
  const show = (change: (typeof items)[number]) =>
    changeView(world, repository, { change, sha: issue.pull.head, patch: texts.get(change.filename) });
  return ok(items.map(show), headers);
};

const listCommits = async (call: RepositoryCall): Promise<Reply> => {
  const { world, repository, bare } = call;
  const issue = pullAt(call);
  const shas = await bare.log(`${await forkPoint(world, issue)}..${issue.pull.head}`, 250);
  const { items, headers } = page(call, shas);
  return ok(
    await Promise.all(items.map(async (sha) => commitView(world, repository, await bare.info(sha)))),
    headers,
  );
};

const R = "/repos/{owner}/{repo}/pulls";

export const pullOperations: readonly Operation[] = [
  onRepository(`GET ${R}`, "pull_requests:read", listPulls),
  onRepository(`GET ${R}/{pull_number}`, "pull_requests:read", async (call) =>
    ok(await wholePullView(call.world, pullAt(call))),
  ),
  onRepository(`PATCH ${R}/{pull_number}`, "pull_requests:write", updatePull),
  onRepository(`GET ${R}/{pull_number}/files`, "pull_requests:read", listFiles),
  onRepository(`GET ${R}/{pull_number}/commits`, "pull_requests:read", listCommits),
];
