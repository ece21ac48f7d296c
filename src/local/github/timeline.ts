import { gitHubTime } from "./commit-object.ts";
import type { Issue, Moment, User } from "./state.ts";
import type { World } from "./world.ts";

type Happening = Pick<Moment, "what" | "from" | "to"> & { readonly by: User };

/** Remembers what happened to a pull request, for its page. */
export const remember = (world: World, issue: Issue, { by, ...happening }: Happening): void => {
  const at = gitHubTime(world.now());
  world.state.timeline.push({ id: world.nextId(), issue: issue.id, at, by: by.id, ...happening });
  world.touch();
};
