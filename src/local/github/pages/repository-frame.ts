import { html } from "hono/html";
import { isPull } from "../pull-view.ts";
import type { PullIssue, Repository } from "../state.ts";
import { fullName, userById, type World } from "../world.ts";
import { layout, tabs, when, type Html, type Visit } from "./layout.ts";
import { stateOf } from "./pull-frame.ts";

const pullsOf = (world: World, repository: Repository): readonly PullIssue[] =>
  world.state.issues.filter(isPull).filter((issue) => issue.repository === repository.id);

/** The frame of every page of a repository: its name and its tabs. */
export const repositoryFrame = (
  visit: Visit,
  repository: Repository,
  { here, content }: { here: string; content: Html },
): Html => {
  const { world } = visit;
  const name = fullName(world, repository);
  const open = pullsOf(world, repository).filter(({ state }) => state === "open").length;
  const parent = world.state.repositories.find(({ id }) => id === repository.parent);
  const parts = [
    { name: "Code", href: `/${name}` },
    { name: "Pull requests", href: `/${name}/pulls`, count: open },
    { name: "Commits", href: `/${name}/commits` },
    { name: "Branches and tags", href: `/${name}/branches` },
  ];
  return layout(visit, {
    title: here === "Code" ? name : `${here} · ${name}`,
    trail: [[name, `/${name}`]],
    content: html`<h1>
        ${name} ${repository.private ? html`<span class="tag">private</span>` : ""}
        ${parent ? html`<span class="quiet small">forked from <a href="/${fullName(world, parent)}">${fullName(world, parent)}</a></span>` : ""}
      </h1>
      ${tabs(parts, here)} ${content}`,
  });
};

/** Pull requests, open ones first, newest first. */
export const pullsPage = (visit: Visit, repository: Repository): Html => {
  const { world } = visit;
  const newest = pullsOf(world, repository).toReversed();
  const open = newest.filter(({ state }) => state === "open");
  const rest = newest.filter(({ state }) => state !== "open");
  const content =
    newest.length === 0
      ? html`<p class="quiet">There are none yet.</p>`
      : html`<div class="box">
          <ul class="rows">
            ${[...open, ...rest].map((issue) => pullRow(world, repository, issue))}
          </ul>
        </div>`;
  return repositoryFrame(visit, repository, { here: "Pull requests", content });
};

const pullRow = (world: World, repository: Repository, issue: PullIssue): Html =>
  html`<li class="line">
    ${stateOf(issue)}
    <span class="grow"
      ><a href="/${fullName(world, repository)}/pull/${issue.number}"><strong>${issue.title}</strong></a>
      ${issue.labels.map((label) => html`<span class="tag">${label}</span> `)}<br /><span class="quiet small"
        >#${issue.number} by ${userById(world, issue.author).login}, ${when(issue.createdAt)}</span
      ></span
    >
  </li>`;

/** All repositories that the visitor may read. */
export const startPage = (visit: Visit, repositories: readonly Repository[]): Html => {
  const { world } = visit;
  const row = (repository: Repository): Html => {
    const name = fullName(world, repository);
    const open = pullsOf(world, repository).filter(({ state }) => state === "open").length;
    return html`<li class="line">
      <a class="grow" href="/${name}"><strong>${name}</strong></a>
      ${repository.private ? html`<span class="tag">private</span>` : ""}
      ${repository.parent === null ? "" : html`<span class="tag">fork</span>`}
      <a href="/${name}/pulls">${open} open ${open === 1 ? "pull request" : "pull requests"}</a>
      <span class="quiet small">pushed ${when(repository.pushedAt)}</span>
    </li>`;
  };
  return layout(visit, {
    title: "Local GitHub",
    content: html`<h1>Repositories</h1>
      ${
        repositories.length === 0
          ? html`<p class="quiet">There are none yet.</p>`
          : html`<div class="box">
              <ul class="rows">
                ${repositories.map(row)}
              </ul>
            </div>`
      }`,
  });
};
