import { html } from "hono/html";
import { suiteOf } from "../check-run-view.ts";
import { isPull } from "../pull-view.ts";
import { found } from "../refusal.ts";
import type { CheckRun, Repository } from "../state.ts";
import { fullName, type World } from "../world.ts";
import { checkCard } from "./check-card.ts";
import { layout, type Html, type Visit } from "./layout.ts";

/** A check run of a repository by its id. */
export const runOf = (world: World, repository: Repository, id: number): CheckRun => {
  const run = found(world.state.runs.find((one) => one.id === id));
  return found(suiteOf(world, run).repository === repository.id ? run : undefined);
};

/** The page of a pull request's checks that shows a run, or that of its commit. */
export const homeOfRun = (world: World, repository: Repository, run: CheckRun): string => {
  const { sha } = suiteOf(world, run);
  const name = fullName(world, repository);
  const pull = world.state.issues
    .filter(isPull)
    .findLast((issue) => issue.repository === repository.id && issue.pull.head === sha);
  return pull ? `/${name}/pull/${pull.number}/checks` : `/${name}/commit/${sha}`;
};

/** One check run on a page of its own. */
export const checkPage = (visit: Visit, repository: Repository, id: number): Html => {
  const { world } = visit;
  const run = runOf(world, repository, id);
  const name = fullName(world, repository);
  const { sha } = suiteOf(world, run);
  return layout(visit, {
    title: `${run.name} · ${name}`,
    trail: [
      [name, `/${name}`],
      ["All checks", homeOfRun(world, repository, run)],
    ],
    content: html`<h1>${run.name}</h1>
      <p class="quiet">
        of <a href="/${name}/commit/${sha}"><code>${sha.slice(0, 10)}</code></a>
      </p>
      ${checkCard(visit, repository, run)}`,
  });
};
