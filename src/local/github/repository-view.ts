import type { Json } from "./fill.ts";
import { nodeId } from "./node-ids.ts";
import type { Repository } from "./state.ts";
import { userView } from "./users.ts";
import { fullName, userById, type World } from "./world.ts";

/** Addresses of a repository. */
export const repositoryUrls = (world: World, repository: Repository) => {
  const name = fullName(world, repository);
  return { api: `${world.urls.api}/repos/${name}`, html: `${world.urls.html}/${name}` };
};

const api = {
  archive_url: "/{archive_format}{/ref}",
  assignees_url: "/assignees{/user}",
  blobs_url: "/git/blobs{/sha}",
  branches_url: "/branches{/branch}",
  collaborators_url: "/collaborators{/collaborator}",
  comments_url: "/comments{/number}",
  commits_url: "/commits{/sha}",
  compare_url: "/compare/{base}...{head}",
  contents_url: "/contents/{+path}",
  contributors_url: "/contributors",
  deployments_url: "/deployments",
  downloads_url: "/downloads",
  events_url: "/events",
  forks_url: "/forks",
  git_commits_url: "/git/commits{/sha}",
  git_refs_url: "/git/refs{/sha}",
  git_tags_url: "/git/tags{/sha}",
  hooks_url: "/hooks",
  issue_comment_url: "/issues/comments{/number}",
  issue_events_url: "/issues/events{/number}",
  issues_url: "/issues{/number}",
  keys_url: "/keys{/key_id}",
  labels_url: "/labels{/name}",
  languages_url: "/languages",
  merges_url: "/merges",
  milestones_url: "/milestones{/number}",
  notifications_url: "/notifications{?since,all,participating}",
  pulls_url: "/pulls{/number}",
  releases_url: "/releases{/id}",
  stargazers_url: "/stargazers",
  statuses_url: "/statuses/{sha}",
  subscribers_url: "/subscribers",
  subscription_url: "/subscription",
  tags_url: "/tags",
  teams_url: "/teams",
  trees_url: "/git/trees{/sha}",
} as const;

/** A repository as answers and payloads show it. */
export const repositoryView = (world: World, repository: Repository): Json => {
  const urls = repositoryUrls(world, repository);
  const links = Object.entries(api).map(([name, path]) => [name, urls.api + path]);
  return {
    id: repository.id,
    node_id: nodeId("Repository", repository.id),
    name: repository.name,
    full_name: fullName(world, repository),
    private: repository.private,
    visibility: repository.private ? "private" : "public",
    owner: userView(world, userById(world, repository.owner)),
    html_url: urls.html,
    description: null,
    fork: repository.parent !== null,
    url: urls.api,
    ...Object.fromEntries(links),
    clone_url: `${urls.html}.git`,
    git_url: `${urls.html}.git`,
    svn_url: urls.html,
    ssh_url: `${urls.html}.git`,
    default_branch: repository.defaultBranch,
    archived: false,
    disabled: false,
    topics: [],
    allow_forking: true,
    created_at: repository.createdAt,
    updated_at: repository.pushedAt,
    pushed_at: repository.pushedAt,
  };
};
