import { nodeId } from "../node-ids.ts";
import type { User } from "../state.ts";
import { userView } from "../users.ts";
import type { App } from "../world.ts";
import type { Asking, Node } from "./asking.ts";

/** A user, organization or bot. */
export const accountNode = ({ world }: Asking, user: User): Node => {
  const view = userView(world, user);
  return {
    __typename: user.type,
    id: nodeId(user.type, user.id),
    databaseId: user.id,
    // GraphQL leaves the brackets of a bot's login away.
    login: user.type === "Bot" ? user.login.replace("[bot]", "") : user.login,
    name: user.login,
    url: view["html_url"],
    avatarUrl: view["avatar_url"],
  };
};

export const appNode = ({ world }: Asking, app: App): Node => ({
  __typename: "App",
  id: nodeId("App", app.id),
  databaseId: app.id,
  name: app.slug,
  slug: app.slug,
  url: `${world.urls.html}/apps/${app.slug}`,
});
