import { createAppAuth } from "@octokit/auth-app";
import { Octokit } from "@octokit/rest";

export interface App {
  readonly appId: number;
  /** PEM. */
  readonly privateKey: string;
  /** Address of the REST API, e.g. `https://api.github.com`. */
  readonly api: string;
}

type Permissions = Readonly<Record<string, "read" | "write">>;

/** What every question about a repository is asked with: one token serves them all for its hour. */
export const READS: Permissions = { contents: "read", pull_requests: "read", metadata: "read" };

/** Our own app as GitHub knows it: clients that can do no more than what they are asked for. */
export interface Clients {
  /** As the app itself (JWT). */
  readonly app: Octokit;
  /** As the app in one repository, with just these permissions; the token lives an hour. */
  in(at: { readonly installation: number; readonly id: number }, permissions: Permissions): Promise<Octokit>;
  /** As the app in one installation, to list what it reaches. */
  installed(installation: number): Promise<Octokit>;
  token(
    at: { readonly installation: number; readonly id: number },
    permissions: Permissions,
  ): Promise<string>;
}

/**
 * No throttling and no retries in here: both wait in the process, which on Lambda is paid for and cut
 * short. A request that GitHub turns away fails its message, and the queue brings it back.
 */
export function githubClients({ appId, privateKey, api }: App): Clients {
  const baseUrl = api;
  const app = new Octokit({ authStrategy: createAppAuth, auth: { appId, privateKey }, baseUrl, log: SILENT });
  const auth = createAppAuth({ appId, privateKey, request: app.request });
  const token: Clients["token"] = async ({ installation, id }, permissions) => {
    const installed = { type: "installation", installationId: installation } as const;
    return (await auth({ ...installed, repositoryIds: [id], permissions: { ...permissions } })).token;
  };
  return {
    app,
    token,
    in: async (at, permissions) => new Octokit({ auth: await token(at, permissions), baseUrl, log: SILENT }),
    installed: async (installation) => {
      const { token: wide } = await auth({
        type: "installation",
        installationId: installation,
        permissions: { metadata: "read" },
      });
      return new Octokit({ auth: wide, baseUrl, log: SILENT });
    },
  };
}

const nothing = (): void => {};
const SILENT = { debug: nothing, info: nothing, warn: nothing, error: nothing };

/** `undefined` where GitHub says that there is no such thing; any other refusal is thrown. */
export async function orMissing<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Error && "status" in error && error.status === 404) return undefined;
    throw error;
  }
}
