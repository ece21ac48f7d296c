import { z } from "zod";
import type { Json } from "./fill.ts";
import { issueAt } from "./issues.ts";
import {
  actor,
  ok,
  onRepository,
  page,
  param,
  readBody,
  type Operation,
  type RepositoryCall,
} from "./operation.ts";
import { isPull, labelView } from "./pull-view.ts";
import { found } from "./refusal.ts";
import type { Issue } from "./state.ts";
import { tellPull } from "./tell-pull.ts";

const Labels = z.object({ labels: z.array(z.string().min(1)) });

const labelsOf = ({ world, repository }: RepositoryCall, issue: Issue): readonly Json[] =>
  issue.labels.map((name) => labelView(world, repository, name));

/** Tells of a label of a pull request; labels of plain issues nobody here listens to. */
const tell = async (
  call: RepositoryCall,
  issue: Issue,
  { action, name }: { action: "labeled" | "unlabeled"; name: string },
) => {
  const { world, repository } = call;
  if (!isPull(issue)) return;
  const more = { label: labelView(world, repository, name) };
  await tellPull(world, issue, { action, by: actor(call), more, to: name });
};

const addLabels = async (call: RepositoryCall) => {
  const issue = issueAt(call);
  const { labels } = readBody(call, Labels, "Label");
  for (const name of new Set(labels)) {
    if (issue.labels.includes(name)) continue;
    issue.labels.push(name);
    await tell(call, issue, { action: "labeled", name });
  }
  return ok(labelsOf(call, issue));
};

const removeLabel = async (call: RepositoryCall) => {
  const issue = issueAt(call);
  const name = found(
    issue.labels.find((label) => label === param(call, "name")),
    "Label does not exist",
  );
  issue.labels = issue.labels.filter((label) => label !== name);
  await tell(call, issue, { action: "unlabeled", name });
  return ok(labelsOf(call, issue));
};

const R = "/repos/{owner}/{repo}/issues/{issue_number}/labels";

export const labelOperations: readonly Operation[] = [
  onRepository(`GET ${R}`, "issues:read", (call) => {
    const { items, headers } = page(call, labelsOf(call, issueAt(call)));
    return ok(items, headers);
  }),
  onRepository(`POST ${R}`, "issues:write", addLabels),
  onRepository(`DELETE ${R}/{name}`, "issues:write", removeLabel),
];
