import type { Json } from "./fill.ts";
import { nodeId } from "./node-ids.ts";
import { actor, ok, onAnything, param, type Operation } from "./operation.ts";
import { found } from "./refusal.ts";
import type { User } from "./state.ts";
import { userByLogin, type World } from "./world.ts";

/** A user as every answer and payload shows one (`simple-user`). */
export const userView = (world: World, user: User): Json => {
  const login = encodeURIComponent(user.login);
  const url = `${world.urls.api}/users/${login}`;
  const page = user.type === "Bot" ? `apps/${user.login.replace("[bot]", "")}` : login;
  return {
    login: user.login,
    id: user.id,
    node_id: nodeId(user.type, user.id),
    avatar_url: `${world.urls.html}/avatars/${user.id}`,
    gravatar_id: "",
    url,
    html_url: `${world.urls.html}/${page}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type: user.type,
    user_view_type: "public",
    site_admin: false,
  };
};

export const noReply = "@users.noreply.github.com";

/** The address GitHub gives to people who hide theirs. */
export const emailOf = (user: User): string => `${user.id}+${user.login}${noReply}`;

const profile = (world: World, user: User): Json => ({
  ...userView(world, user),
  name: user.login,
  company: null,
  blog: "",
  location: null,
  email: null,
  hireable: null,
  bio: null,
  public_repos: world.state.repositories.filter(({ owner }) => owner === user.id).length,
  public_gists: 0,
  followers: 0,
  following: 0,
  created_at: "2026-01-01T00:00:00Z",
  updated_at: "2026-01-01T00:00:00Z",
});

export const userOperations: readonly Operation[] = [
  onAnything("GET /user", (call) => ok(profile(call.world, actor(call)))),
  onAnything("GET /users/{username}", (call) =>
    ok(profile(call.world, found(userByLogin(call.world, param(call, "username"))))),
  ),
];
