import { html } from "hono/html";
import { changes, emptyTree, patches } from "../diff.ts";
import { isPull } from "../pull-view.ts";
import { found } from "../refusal.ts";
import type { Repository } from "../state.ts";
import { fullName, userById, type World } from "../world.ts";
import { checksPart } from "./checks-part.ts";
import { filesPart } from "./files-part.ts";
import { layout, when, writtenText, type Html } from "./layout.ts";

/** All public repositories. */
export const startPage = (world: World): Html => {
  const names = world.state.repositories.filter((one) => !one.private).map((one) => fullName(world, one));
  return layout(
    "Local GitHub",
    [],
    html`<h1>Repositories</h1>
      ${names.length === 0 ? html`<p class="quiet">There are none yet.</p>` : ""}
      <ul>
        ${names.map((name) => html`<li><a href="/${name}">${name}</a></li>`)}
      </ul>`,
  );
};

/** A repository: pull requests, branches, releases, files. */
export const repositoryPage = async (world: World, repository: Repository): Promise<Html> => {
  const name = fullName(world, repository);
  return layout(
    name,
    [],
    html`<h1>${name}</h1>
      <p class="quiet">Clone with <code>git clone ${world.urls.html}/${name}.git</code></p>
      ${pullsPart(world, repository)} ${await branchesPart(world, repository)}
      ${releasesPart(world, repository)} ${await filesOf(world, repository)}`,
  );
};

const pullsPart = (world: World, repository: Repository): Html => {
  const name = fullName(world, repository);
  const pulls = world.state.issues.filter(isPull).filter((issue) => issue.repository === repository.id);
  const words = (issue: (typeof pulls)[number]): string => (issue.pull.mergedAt ? "merged" : issue.state);
  return html`<h2>Pull requests <span class="quiet">(${pulls.length})</span></h2>
    <div class="box">
      <ul class="rows">
        ${pulls.length === 0 ? html`<li class="quiet">None yet.</li>` : ""}
        ${pulls.toReversed().map(
          (issue) =>
            html`<li>
              <a href="/${name}/pull/${issue.number}">${issue.title}</a>
              <span class="quiet"
                >#${issue.number} ${words(issue)}, by ${userById(world, issue.author).login}
                ${when(issue.createdAt)}</span
              >
            </li>`,
        )}
      </ul>
    </div>`;
};

const branchesPart = async (world: World, repository: Repository): Promise<Html> => {
  const name = fullName(world, repository);
  const refs = [...(await world.bare(repository).refs())].filter(([ref]) =>
    /^refs\/(heads|tags)\//.test(ref),
  );
  return html`<h2>Branches and tags</h2>
    <ul>
      ${await Promise.all(
        refs.map(async ([ref]) => {
          const sha = (await world.bare(repository).commit(ref)) ?? "";
          const isProtected = repository.protectedBranches.includes(ref.replace("refs/heads/", ""));
          return html`<li>
            ${ref.replace(/^refs\/(heads|tags)\//, (_, kind: string) => (kind === "tags" ? "tag " : ""))}
            <a href="/${name}/commit/${sha}"><code>${sha.slice(0, 10)}</code></a
            >${isProtected ? " protected" : ""}
          </li>`;
        }),
      )}
    </ul>`;
};

const releasesPart = (world: World, repository: Repository): Html => {
  const releases = world.state.releases.filter((one) => one.repository === repository.id && !one.draft);
  if (releases.length === 0) return html``;
  return html`<h2>Releases</h2>
    ${releases.toReversed().map(
      (release) =>
        html`<article class="box">
          <header>
            <strong>${release.name ?? release.tag}</strong> <span class="quiet">${release.tag}</span>
          </header>
          ${writtenText(release.body)}
        </article>`,
    )}`;
};

const filesOf = async (world: World, repository: Repository): Promise<Html> => {
  const bare = world.bare(repository);
  const tip = await bare.ref(`refs/heads/${repository.defaultBranch}`);
  if (!tip) return html`<p class="quiet">This repository is empty.</p>`;
  const name = fullName(world, repository);
  const files = (await bare.tree(tip, true)).filter(({ type }) => type === "blob");
  return html`<h2>Files on ${repository.defaultBranch}</h2>
    <ul>
      ${files.slice(0, 500).map(({ path }) => html`<li><a href="/${name}/raw/${tip}/${path}">${path}</a></li>`)}
    </ul>`;
};

/** One commit: its message, its checks, its changes. */
export const commitPage = async (world: World, repository: Repository, sha: string): Promise<Html> => {
  const bare = world.bare(repository);
  const commit = await bare.info(found(await bare.commit(sha)));
  const name = fullName(world, repository);
  const parent = commit.parents[0] ?? emptyTree;
  const [title = "", ...rest] = commit.message.split("\n");
  return layout(
    `${title} · ${name}`,
    [[name, `/${name}`]],
    html`<h1>${title}</h1>
      ${rest.length > 0 ? writtenText(rest.join("\n")) : ""}
      <p class="quiet">${commit.author.name}, ${when(commit.author.date)}, <code>${commit.sha}</code></p>
      ${checksPart(world, repository, commit.sha)}
      ${filesPart(await changes(bare, parent, commit.sha), await patches(bare, parent, commit.sha))}`,
  );
};
