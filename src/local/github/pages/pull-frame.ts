import { html } from "hono/html";
import { pullChanges } from "../pull-view.ts";
import { maintains } from "../permissions.ts";
import { found } from "../refusal.ts";
import type { PullIssue, Repository } from "../state.ts";
import { isPull, forkPoint } from "../pull-view.ts";
import { fullName, userById } from "../world.ts";
import { layout, tabs, type Html, type Visit } from "./layout.ts";
import { runsAt } from "./standing.ts";

/** A pull request as its pages look at it. */
export interface PullVisit extends Visit {
  readonly repository: Repository;
  readonly issue: PullIssue;
  /** `/owner/name/pull/1` */
  readonly href: string;
}

export const visitPull = (visit: Visit, repository: Repository, number: number): PullVisit => {
  const issue = found(
    visit.world.state.issues
      .filter(isPull)
      .find((one) => one.repository === repository.id && one.number === number),
  );
  const href = `/${fullName(visit.world, repository)}/pull/${number}`;
  return { ...visit, repository, issue, href };
};

/** Whether the visitor acts as somebody who may write to the repository. */
export const mayWrite = ({ person: user }: Visit, repository: Repository): boolean =>
  user !== undefined && maintains(repository, { kind: "person", user });

/** SHAs of the commits of a pull request, oldest first. */
export const commitsOf = async ({ world, repository, issue }: PullVisit): Promise<readonly string[]> =>
  world.bare(repository).log(`${await forkPoint(world, issue)}..${issue.pull.head}`, 250);

/** The frame of every page of a pull request: title, state, tabs. */
export const pullFrame = async (
  visit: PullVisit,
  { here, content }: { here: string; content: Html },
): Promise<Html> => {
  const { world, repository, issue, href } = visit;
  const name = fullName(world, repository);
  const said = world.state.comments.filter((comment) => comment.issue === issue.id).length;
  const parts = [
    { name: "Conversation", href, count: said },
    { name: "Commits", href: `${href}/commits`, count: (await commitsOf(visit)).length },
    { name: "Checks", href: `${href}/checks`, count: runsAt(world, repository, issue.pull.head).length },
    { name: "Files changed", href: `${href}/files`, count: (await pullChanges(world, issue)).length },
  ];
  return layout(visit, {
    title: `${issue.title} · Pull request #${issue.number} · ${name}`,
    trail: [
      [name, `/${name}`],
      ["Pull requests", `/${name}/pulls`],
    ],
    content: html`<h1>${issue.title} <span class="quiet">#${issue.number}</span></h1>
      <p>${stateOf(issue)} ${routeOf(visit)}</p>
      ${tabs(parts, here)} ${content}`,
  });
};

/** Open, draft, merged or closed. */
export const stateOf = ({ state, pull }: PullIssue): Html => {
  if (pull.mergedAt) return html`<span class="state done">Merged</span>`;
  if (state === "closed") return html`<span class="state bad">Closed</span>`;
  return pull.draft
    ? html`<span class="state quiet">Draft</span>`
    : html`<span class="state good">Open</span>`;
};

const routeOf = ({ world, repository, issue }: PullVisit): Html => {
  const { author, pull } = issue;
  const owner = pull.headRepository === repository.id ? "" : `${userById(world, pull.headOwner).login}:`;
  const gone = pull.headRepository === null ? " (deleted)" : "";
  return html`<strong>${userById(world, author).login}</strong>
    <span class="quiet">${pull.mergedAt ? "proposed" : "wants to merge"}</span>
    <code>${owner}${pull.headRef}</code>${gone} <span class="quiet">into</span> <code>${pull.baseRef}</code>
    <span class="quiet">at</span> <code>${pull.head.slice(0, 10)}</code>`;
};
