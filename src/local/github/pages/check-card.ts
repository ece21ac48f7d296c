import { html } from "hono/html";
import type { Annotation, CheckRun, Repository } from "../state.ts";
import { fullName } from "../world.ts";
import { noteText, placeOf } from "./annotation-part.ts";
import { button, when, type Html, type Visit } from "./layout.ts";
import { mayWrite } from "./pull-frame.ts";
import { appOfRun, kindOf, standing, wordOf } from "./standing.ts";
import { writtenText } from "./written.ts";

/** One check run: how it stands, what it says, where in the files, and its buttons. */
export const checkCard = (visit: Visit, repository: Repository, run: CheckRun): Html => {
  const { world } = visit;
  const href = `/${fullName(world, repository)}/runs/${run.id}`;
  const title = run.title ? html`<p class="title"><strong>${run.title}</strong></p>` : "";
  return html`<article class="box edge-${kindOf(wordOf(run))}" id="run-${run.id}">
    <header class="line">
      ${standing(wordOf(run))} <a class="grow" href="${href}"><strong>${run.name}</strong></a>
      <span class="quiet small">${appOfRun(world, run)}${times(run)}</span>
    </header>
    ${title} ${run.summary ? writtenText(run.summary) : ""}
    ${
      run.text
        ? html`<details class="pad" open>
            <summary class="quiet">Details</summary>
            ${writtenText(run.text)}
          </details>`
        : ""
    }
    ${annotationsPart(run)} ${detailsLink(run.detailsUrl)} ${buttons(visit, repository, run)}
  </article>`;
};

const times = (run: CheckRun): Html =>
  html`${run.startedAt ? html` · started ${when(run.startedAt)}` : ""}${
    run.completedAt ? html` · completed ${when(run.completedAt)}` : ""
  }`;

const mostAnnotations = 50;

const annotationsPart = ({ annotations }: CheckRun): Html => {
  if (annotations.length === 0) return html``;
  const one = (annotation: Annotation): Html =>
    html`<li>${noteText({ annotation }, placeOf(annotation))}</li>`;
  const more = annotations.length - mostAnnotations;
  return html`<p class="quiet pad">Annotations <span class="count">${annotations.length}</span></p>
    <ul class="rows">
      ${annotations.slice(0, mostAnnotations).map(one)}
      ${more > 0 ? html`<li class="quiet">and ${more} more</li>` : ""}
    </ul>`;
};

const detailsLink = (address: string | null): Html =>
  address !== null && /^https?:\/\//.test(address)
    ? html`<p class="pad"><a href="${address}" rel="nofollow noreferrer">View the build's own page</a></p>`
    : html``;

const buttons = (visit: Visit, repository: Repository, run: CheckRun): Html => {
  if (!mayWrite(visit, repository)) {
    if (run.actions.length === 0) return html``;
    const labels = run.actions.map(({ label }) => label).join(", ");
    return html`<p class="quiet pad small">Who may write here can: ${labels}.</p>`;
  }
  const href = `/${fullName(visit.world, repository)}/runs/${run.id}`;
  return html`<div class="pad">
    ${run.actions.map(
      ({ label, description, identifier }) =>
        html`<span title="${description}"
          >${button(`${href}/action`, label, { fields: { identifier }, look: "main small" })}</span
        >`,
    )}
    ${button(`${href}/rerun`, "Re-run", { look: "small" })}
  </div>`;
};
