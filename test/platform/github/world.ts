import { nodeId } from "../../../src/local/github/node-ids.ts";
import type { At } from "../../../src/ports-github.ts";
import { type Clients, githubClients } from "../../../src/platform/github/client.ts";
import { commentsOn } from "../../../src/platform/github/comments.ts";
import { octokitGitHub } from "../../../src/platform/github/github.ts";
import { githubWatch } from "../../../src/platform/github/watch.ts";
import { here, keys, stage } from "../../local/github/world.ts";

export const APP = { appId: 7, privateKey: keys.privateKey };

/** Our adapters before the local GitHub, with a note of the permissions that each call asked for. */
export async function facing() {
  const town = await stage();
  const { admin, gitHub, installation, maintainer } = town;
  const real = githubClients({ ...APP, api: gitHub.apiUrl });
  const asked: Readonly<Record<string, string>>[] = [];
  const noted = (permissions: Readonly<Record<string, "read" | "write">>) => {
    asked.push(permissions);
    return permissions;
  };
  const clients: Clients = {
    ...real,
    in: (at, permissions) => real.in(at, noted(permissions)),
    token: (at, permissions) => real.token(at, noted(permissions)),
  };
  const id = admin.repository("maintainer", "packages")?.id ?? 0;
  const at: At = {
    id,
    node: nodeId("Repository", id),
    owner: here.owner,
    name: here.repo,
    installation: installation.id,
  };
  const commit = (branch: string, files: Readonly<Record<string, string>>, by = "maintainer") =>
    admin.commit(by, "packages", { by, branch, message: branch, files });
  const open = async (head: string, token = maintainer.token) => {
    const { data } = await town.as(token).rest.pulls.create({ ...here, title: head, head, base: "main" });
    return data.number;
  };
  return {
    ...town,
    clients,
    at,
    asked: () => asked.splice(0),
    github: octokitGitHub(clients, APP.appId),
    comments: commentsOn(clients, APP.appId),
    watch: githubWatch(clients),
    commit,
    open,
    main: async () => (await town.nobody.rest.repos.getBranch({ ...here, branch: "main" })).data.commit.sha,
  };
}

export type Facing = Awaited<ReturnType<typeof facing>>;
