import type { Caller } from "./auth.ts";

/** One call of the API, as tests count them. */
export interface ApiCall {
  /** By GitHub's clock. */
  readonly at: string;
  readonly method: string;
  /** `/repos/{owner}/{repo}/check-runs`, or `/graphql`. */
  readonly route: string;
  /** GitHub's operation id; for GraphQL the root fields: `createCheckRun x3`. */
  readonly operation: string;
  /** What was asked for at once: aliases of GraphQL, 1 otherwise. */
  readonly count: number;
  /** `installation 12`, `person 5`, `app 7`, `nobody`. */
  readonly caller: string;
  readonly status: number;
  /** Milliseconds of a clock that only goes forward: calls that overlap were made side by side. */
  readonly began: number;
  readonly ended: number;
}

export interface CallLog {
  add(call: ApiCall): void;
  /** Oldest first; the newest ten thousand. */
  list(): readonly ApiCall[];
  clear(): void;
}

const most = 10_000;

export const callLog = (): CallLog => {
  let calls: ApiCall[] = [];
  return {
    add: (call) => {
      calls.push(call);
      if (calls.length > 2 * most) calls = calls.slice(-most);
    },
    list: () => calls.slice(-most),
    clear: () => void (calls = []),
  };
};

export const callerName = (caller: Caller): string => {
  if (caller.kind === "person") return `person ${caller.user.id}`;
  if (caller.kind === "app") return `app ${caller.app.id}`;
  return caller.kind === "installation" ? `installation ${caller.installation.id}` : "nobody";
};
