import type { Json } from "./fill.ts";
import { wholePullView } from "./pull-view.ts";
import type { Moment, PullIssue, User } from "./state.ts";
import { remember } from "./timeline.ts";
import { repositoryById, type World } from "./world.ts";

interface Told extends Pick<Moment, "from" | "to"> {
  readonly action: string;
  readonly by: User;
  /** What is special to the action. */
  readonly more?: Json | undefined;
}

/** Tells what became of a pull request, remembers it, and answers its view. */
export const tellPull = async (world: World, issue: PullIssue, told: Told): Promise<Json> => {
  const { action, by, more, from, to } = told;
  remember(world, issue, { what: action, by, from, to });
  const view = await wholePullView(world, issue);
  await world.webhooks.emit(world, {
    event: "pull_request",
    action,
    body: { number: issue.number, pull_request: view, ...more },
    repository: repositoryById(world, issue.repository),
    by,
  });
  return view;
};
