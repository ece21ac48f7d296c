import { html } from "hono/html";
import { suiteOf } from "../check-run-view.ts";
import { isPull } from "../pull-view.ts";
import { found } from "../refusal.ts";
import type { Annotation, CheckRun, Repository } from "../state.ts";
import { appById, fullName, type World } from "../world.ts";
import { standing } from "./checks-part.ts";
import { layout, when, writtenText, type Html } from "./layout.ts";

/** One check run: how it stands, what it says, and where in the files. */
export const checkPage = (world: World, repository: Repository, id: number): Html => {
  const run = found(world.state.runs.find((one) => one.id === id));
  const suite = suiteOf(world, run);
  found(suite.repository === repository.id ? run : undefined);
  const name = fullName(world, repository);
  const pull = world.state.issues
    .filter(isPull)
    .findLast((issue) => issue.repository === repository.id && issue.pull.head === suite.sha);
  const trail: [string, string][] = [[name, `/${name}`]];
  if (pull) trail.push([`#${pull.number} ${pull.title}`, `/${name}/pull/${pull.number}`]);
  return layout(
    `${run.name} · ${name}`,
    trail,
    html`<h1>${run.name}</h1>
      <p>
        ${standing(run)} on
        <a href="/${name}/commit/${suite.sha}"><code>${suite.sha.slice(0, 10)}</code></a> by
        ${appById(world, suite.app).slug}${times(run)}
      </p>
      ${run.title ? html`<h2>${run.title}</h2>` : ""} ${run.summary ? writtenText(run.summary) : ""}
      ${
        run.text
          ? html`<h2>Details</h2>
              ${writtenText(run.text)}`
          : ""
      }
      ${annotationsPart(run.annotations)} ${actionsPart(run)}`,
  );
};

const times = (run: CheckRun): Html =>
  html`${run.startedAt ? html`, started ${when(run.startedAt)}` : ""}${
    run.completedAt ? html`, completed ${when(run.completedAt)}` : ""
  }`;

const annotationsPart = (annotations: readonly Annotation[]): Html =>
  annotations.length === 0
    ? html``
    : html`<section aria-labelledby="annotations">
        <h2 id="annotations">Annotations <span class="quiet">(${annotations.length})</span></h2>
        <div class="box">
          <table>
            <thead>
              <tr>
                <th>Level</th>
                <th>Where</th>
                <th>What</th>
              </tr>
            </thead>
            <tbody>
              ${annotations.map(
                (one) =>
                  html`<tr>
                    <td>
                      <span class="mark ${one.annotation_level === "failure" ? "bad" : "busy"}"
                        >${one.annotation_level}</span
                      >
                    </td>
                    <td><code>${one.path}:${one.start_line}</code></td>
                    <td>${one.title ? html`<strong>${one.title}</strong><br />` : ""}${one.message}</td>
                  </tr>`,
              )}
            </tbody>
          </table>
        </div>
      </section>`;

const actionsPart = ({ actions }: CheckRun): Html =>
  actions.length === 0
    ? html``
    : html`<h2>Actions offered</h2>
        <ul>
          ${actions.map(({ label, description }) => html`<li><strong>${label}</strong>: ${description}</li>`)}
        </ul>`;
