import { authenticate } from "./auth.ts";
import { admit } from "./permissions.ts";
import { isRefusal, refuse, type Refusal } from "./refusal.ts";
import type { Repository } from "./state.ts";
import { fullName, repositoryByName, type World } from "./world.ts";

const keyOf = (owner: string, name: string): string => `${owner}/${name}`.toLowerCase();

/** Remembers the address that a repository is about to give up. */
export const leaveAddress = (world: World, repository: Repository): void => {
  world.state.moved[fullName(world, repository).toLowerCase()] = repository.id;
  world.touch();
};

/** Who takes an address that others have left is what it leads to from now on. */
export const takeAddress = (world: World, owner: string, name: string): void => {
  delete world.state.moved[keyOf(owner, name)];
  world.touch();
};

/** The repository that had an address once, where nothing has it today. */
export const movedFrom = (world: World, owner: string, name: string): Repository | undefined => {
  if (repositoryByName(world, owner, name)) return undefined;
  const id = world.state.moved[keyOf(owner, name)];
  return world.state.repositories.find((repository) => repository.id === id);
};

/** The redirect of a REST call to a repository by its id; reads move for good, writes for now. */
export const redirectCall = (
  world: World,
  repository: Repository,
  { method, url }: { method: string; url: URL },
): Refusal => {
  const tail = url.pathname.replace(/^.*?\/repos\/[^/]+\/[^/]+/, "");
  const location = `${world.urls.api}/repositories/${repository.id}${tail}${url.search}`;
  const permanent = method === "GET" || method === "HEAD";
  const [status, words] = permanent
    ? ([301, "Moved Permanently"] as const)
    : ([307, "Temporary Redirect"] as const);
  return refuse(status, words, { headers: { location } });
};

const mayRead = async (world: World, repository: Repository, request: Request): Promise<boolean> => {
  try {
    const caller = await authenticate(world, request.headers.get("authorization"));
    admit(caller, { repository, need: "contents:read" });
    return true;
  } catch (thrown) {
    if (!isRefusal(thrown)) throw thrown;
    return false;
  }
};

/** The redirect of a page, a download or git to the same address below the name of today, for those who may read. */
export const redirectPage = async (world: World, request: Request): Promise<Response | undefined> => {
  const { pathname, search } = new URL(request.url);
  const [, owner = "", name = "", ...rest] = pathname.split("/");
  const suffix = name.endsWith(".git") ? ".git" : "";
  const repository = movedFrom(world, owner, name.slice(0, name.length - suffix.length));
  if (!repository || !(await mayRead(world, repository, request))) return undefined;
  const path = [`${fullName(world, repository)}${suffix}`, ...rest].join("/");
  return new Response(null, { status: 301, headers: { location: `${world.urls.html}/${path}${search}` } });
};
