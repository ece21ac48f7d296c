import { html } from "hono/html";
import { latestRuns } from "../check-suite-view.ts";
import { suiteOf } from "../check-run-view.ts";
import type { CheckRun, Repository } from "../state.ts";
import { appById, fullName, type World } from "../world.ts";
import type { Html } from "./layout.ts";

const marks: Readonly<Record<string, readonly [sign: string, kind: string, words: string]>> = {
  success: ["✓", "good", "Successful"],
  failure: ["✗", "bad", "Failed"],
  timed_out: ["✗", "bad", "Timed out"],
  action_required: ["!", "busy", "Action required"],
  cancelled: ["–", "quiet", "Cancelled"],
  skipped: ["–", "quiet", "Skipped"],
  neutral: ["–", "quiet", "Neutral"],
  stale: ["–", "quiet", "Stale"],
  queued: ["…", "busy", "Queued"],
  in_progress: ["…", "busy", "In progress"],
};

/** How a check stands, by sign, colour and word. */
export const standing = (run: CheckRun): Html => {
  const word = run.conclusion ?? run.status;
  const [sign, kind, words] = marks[word] ?? ["…", "quiet", word];
  return html`<span class="mark ${kind}"><span aria-hidden="true">${sign}</span> ${words}</span>`;
};

/** The newest runs at a commit. */
const runsAt = (world: World, repository: Repository, sha: string): readonly CheckRun[] => {
  const suites = world.state.suites.filter(
    (suite) => suite.repository === repository.id && suite.sha === sha,
  );
  const ids = new Set(suites.map(({ id }) => id));
  return latestRuns(world.state.runs.filter((run) => ids.has(run.suite)));
};

/** All checks of a commit, one line each. */
export const checksPart = (world: World, repository: Repository, sha: string): Html => {
  const runs = runsAt(world, repository, sha);
  const name = fullName(world, repository);
  return html`<section aria-labelledby="checks">
    <h2 id="checks">Checks <span class="quiet">(${runs.length})</span></h2>
    ${
      runs.length === 0
        ? html`<p class="quiet">No app has reported on <code>${sha.slice(0, 10)}</code> yet.</p>`
        : html`<div class="box">
            <ul class="rows">
              ${runs.map((run) => {
                const app = appById(world, suiteOf(world, run).app).slug;
                const title = run.title ? html`<span class="quiet"> — ${run.title}</span>` : "";
                return html`<li>
                  ${standing(run)} <a href="/${name}/runs/${run.id}">${run.name}</a>${title}
                  <span class="quiet"> · ${app}</span>
                </li>`;
              })}
            </ul>
          </div>`
    }
  </section>`;
};
