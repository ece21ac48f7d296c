import { html } from "hono/html";
import { changes, emptyTree, patches } from "../diff.ts";
import { found } from "../refusal.ts";
import type { Repository } from "../state.ts";
import { fullName } from "../world.ts";
import { checkCard } from "./check-card.ts";
import { filesPart } from "./files-part.ts";
import { layout, when, type Html, type Visit } from "./layout.ts";
import { kindOf, lineRow, linesAt, runsAt } from "./standing.ts";
import { writtenText } from "./written.ts";

/** Commits as rows, with how their checks stand. */
export const commitRows = async (
  { world }: Visit,
  repository: Repository,
  shas: readonly string[],
): Promise<Html> => {
  const name = fullName(world, repository);
  const bare = world.bare(repository);
  const commits = await Promise.all(shas.map((sha) => bare.info(sha)));
  const checks = (sha: string): Html | "" => {
    const kinds = linesAt(world, { repository, sha }).map(({ word }) => kindOf(word));
    if (kinds.length === 0) return "";
    if (kinds.includes("bad")) return html`<span class="mark bad">✗ failed</span>`;
    return kinds.includes("busy")
      ? html`<span class="mark busy">● waiting</span>`
      : html`<span class="mark good">✓ green</span>`;
  };
  if (commits.length === 0) return html`<p class="quiet">No commits.</p>`;
  return html`<div class="box">
    <ul class="rows">
      ${commits.map(
        ({ sha, message, author }) =>
          html`<li class="line">
            <span class="grow"
              ><a href="/${name}/commit/${sha}">${message.split("\n")[0] ?? sha}</a><br /><span
                class="quiet small"
                >${author.name}, ${when(author.date)}</span
              ></span
            >
            ${checks(sha)} <code>${sha.slice(0, 10)}</code>
          </li>`,
      )}
    </ul>
  </div>`;
};

/** One commit: its message, its checks, its changes. */
export const commitPage = async (visit: Visit, repository: Repository, wanted: string): Promise<Html> => {
  const { world } = visit;
  const bare = world.bare(repository);
  const { sha, parents, message, author } = await bare.info(found(await bare.commit(wanted)));
  const name = fullName(world, repository);
  const parent = parents[0] ?? emptyTree;
  const [title = "", ...rest] = message.split("\n");
  const runs = runsAt(world, repository, sha);
  const notes = runs.flatMap((run) => run.annotations.map((annotation) => ({ annotation, check: run.name })));
  const [list, texts] = [await changes(bare, parent, sha), await patches(bare, parent, sha)];
  const lines = linesAt(world, { repository, sha });
  return layout(visit, {
    title: `${title} · ${name}`,
    trail: [
      [name, `/${name}`],
      ["Commits", `/${name}/commits`],
    ],
    content: html`<h1>${title}</h1>
      ${rest.length > 0 ? writtenText(rest.join("\n")) : ""}
      <p class="quiet">
        ${author.name}, ${when(author.date)}, <code>${sha}</code>${parents.map(
          (one) => html`, parent <a href="/${name}/commit/${one}"><code>${one.slice(0, 10)}</code></a>`,
        )}
      </p>
      <section aria-labelledby="checks">
        <h2 id="checks">Checks</h2>
        ${
          lines.length === 0
            ? html`<p class="quiet">No app has reported on this commit.</p>`
            : html`<div class="box">
                <ul class="rows">
                  ${lines.map((line) => lineRow(line))}
                </ul>
              </div>`
        }
        ${runs.map((run) => checkCard(visit, repository, run))}
      </section>
      ${filesPart({ list, patches: texts, notes })}`,
  });
};
