import type { Check, Conclusion } from "../../bot/check.ts";
import type { GitHub } from "../../ports.ts";
import type { Clients } from "./client.ts";

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
      const newestLast = listed.toSorted((a, b) => a.id - b.id);
      const byName = new Map(newestLast.map((run) => [`${run.name} ${run.external_id}`, run]));
      return [...byName.values()].map((run) => ({ id: run.id, check: checkOf(run) }));
    },
    async show(at, sha, { check, id }) {
      const { rest } = await clients.in(at, { checks: "write" });
      const body = { owner: at.owner, repo: at.name, ...wordsOf(check) };
      if (id === undefined) await rest.checks.create({ ...body, head_sha: sha });
      else await rest.checks.update({ ...body, check_run_id: id });
    },
  };
}

function wordsOf({ name, externalId, status, conclusion, title, summary, detailsUrl }: Check) {
  return {
    name,
    external_id: externalId,
    ...(conclusion ? { status: "completed" as const, conclusion } : { status: open(status) }),
    output: { title, summary },
    ...(detailsUrl && { details_url: detailsUrl }),
  };
}

const open = (status: Check["status"]): "in_progress" | "queued" =>
  status === "in_progress" ? status : "queued";

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
