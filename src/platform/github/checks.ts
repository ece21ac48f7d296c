import type { Octokit } from "@octokit/rest";
import type { Check, Conclusion } from "../../bot/check/check.ts";
import type { GitHub, Limited } from "../../ports-github.ts";
import { type Mutation, mutationsOf } from "./check-mutation.ts";
import type { Clients } from "./client.ts";
import { limitOf } from "./limit.ts";

/** Check runs: ours are found by the app's id, and each by its name and `external_id`. */
export function checksOn(clients: Clients, appId: number): Pick<GitHub, "shown" | "show"> {
  return {
    async shown(at, sha) {
      const octokit = await clients.in(at, { checks: "read" });
      const listed = await octokit.paginate(octokit.rest.checks.listForRef, {
        owner: at.owner,
        repo: at.name,
        ref: sha,
        app_id: appId,
        // Two runs may speak of one commit under the same names: "latest" would hide one behind the other.
        filter: "all",
        per_page: 100,
      });
      const newestFirst = listed.toSorted((a, b) => b.id - a.id);
      const byName = Map.groupBy(newestFirst, (run) => `${run.name} ${run.external_id}`);
      const newest = [...byName.values()].flatMap(([run]) => (run ? [run] : []));
      return newest.toReversed().map((run) => ({
        id: run.node_id,
        remarks: run.output.annotations_count,
        check: checkOf(run),
      }));
    },
    async show(at, sha, checks) {
      const octokit = await clients.in(at, { checks: "write" });
      const failures: unknown[] = [];
      for (const mutation of mutationsOf(at, sha, checks)) {
        const failure = await send(octokit, mutation);
        if (failure && "kind" in failure) return failure;
        if (failure) failures.push(failure);
      }
      if (failures.length > 0)
        throw new AggregateError(
          failures,
          `not all checks of ${sha} are shown: ${failures.map(String).join("; ")}`,
        );
      return { kind: "written" };
    },
  };
}

/** What went wrong of one request, if anything did; what else was in it is written. */
async function send(
  octokit: Octokit,
  { query, variables, names }: Mutation,
): Promise<Limited | Error | undefined> {
  try {
    await octokit.graphql(query, variables);
    return undefined;
  } catch (error) {
    const limited = limitOf(error);
    if (limited) return limited;
    const { errors = [] } = error as { errors?: readonly Refusal[] };
    const told = errors.map(
      ({ path: [alias] = [], message }) => `${names.get(String(alias)) ?? "all"}: ${message}`,
    );
    const { status } = error as { status?: number };
    return new Error(told.length > 0 ? told.join(", ") : `${status ?? ""} ${String(error)}`, {
      cause: error,
    });
  }
}

interface Refusal {
  readonly message: string;
  readonly path?: readonly (string | number)[] | undefined;
}

function checkOf(run: {
  readonly name: string;
  readonly external_id: string | null;
  readonly status: string;
  readonly conclusion: string | null;
  readonly output: { readonly title: string | null; readonly summary: string | null };
  readonly details_url: string | null;
}): Check {
  return {
    name: run.name,
    externalId: run.external_id ?? "",
    status: run.status === "completed" || run.status === "in_progress" ? run.status : "queued",
    conclusion: CONCLUSIONS.find((one) => one === run.conclusion),
    title: run.output.title ?? "",
    summary: run.output.summary ?? "",
    detailsUrl: run.details_url ?? undefined,
  };
}

const CONCLUSIONS: readonly Conclusion[] = [
  "success",
  "failure",
  "neutral",
  "cancelled",
  "skipped",
  "timed_out",
  "action_required",
];
