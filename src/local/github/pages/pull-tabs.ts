import { html } from "hono/html";
import { pullChanges, pullPatches } from "../pull-view.ts";
import { fullName } from "../world.ts";
import { checkCard } from "./check-card.ts";
import { commitRows } from "./commit-page.ts";
import { filesPart } from "./files-part.ts";
import { button, type Html } from "./layout.ts";
import { commitsOf, mayWrite, pullFrame, type PullVisit } from "./pull-frame.ts";
import { runsAt, wordOf, worstFirst } from "./standing.ts";

/** All checks of a pull request's head, each with its words, annotations and buttons. */
export const checksPage = async (visit: PullVisit): Promise<Html> => {
  const { world, repository, issue } = visit;
  const { head } = issue.pull;
  const runs = worstFirst(runsAt(world, repository, head), wordOf);
  const suites = [...new Set(runs.map(({ suite }) => suite))];
  const again = mayWrite(visit, repository)
    ? suites.map((suite) =>
        button(`/${fullName(world, repository)}/suites/${suite}/rerun`, "Re-run all checks", {
          look: "small",
        }),
      )
    : "";
  const content =
    runs.length === 0
      ? html`<p class="quiet">No app has reported on <code>${head.slice(0, 10)}</code> yet.</p>`
      : html`<p>${again}</p>
          ${runs.map((run) => checkCard(visit, repository, run))}`;
  return pullFrame(visit, { here: "Checks", content });
};

/** What a pull request changes, with what checks say of its lines. */
export const filesPage = async (visit: PullVisit): Promise<Html> => {
  const { world, repository, issue } = visit;
  const notes = runsAt(world, repository, issue.pull.head).flatMap((run) =>
    run.annotations.map((annotation) => ({ annotation, check: run.name })),
  );
  const [list, patches] = [await pullChanges(world, issue), await pullPatches(world, issue)];
  return pullFrame(visit, { here: "Files changed", content: filesPart({ list, patches, notes }) });
};

export const commitsPage = async (visit: PullVisit): Promise<Html> => {
  const content = await commitRows(visit, visit.repository, await commitsOf(visit));
  return pullFrame(visit, { here: "Commits", content });
};
