import { createHash } from "node:crypto";
import type { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import {
  AccountLimitExceededException,
  BatchGetBuildsCommand,
  type Build,
  type CodeBuildClient,
  InvalidInputException,
  ListBuildsForProjectCommand,
  StartBuildCommand,
  StopBuildCommand,
} from "@aws-sdk/client-codebuild";
import type { Builder, BuildNews, BuildOrder, Started } from "../../ports.ts";
import { logTail } from "./log-tail.ts";

/** BatchGetBuilds and ListBuildsForProject take and give so many builds at once. */
const PAGE = 100;
/** So far back goes the search for an attempt's build; an attempt is looked for soon after its start. */
const PAGES = 2;

const JOB = "MILLWRIGHT_JOB";
const MANIFEST = "MILLWRIGHT_MANIFEST";

interface CodeBuildBuilderOptions {
  readonly codebuild: CodeBuildClient;
  readonly logs: CloudWatchLogsClient;
  /** What the names of this deployment's projects begin with, before the pool. */
  readonly prefix: string;
}

/** Attempts as builds of CodeBuild projects, one project per pool. */
export function codeBuildBuilder({ codebuild, logs, prefix }: CodeBuildBuilderOptions): Builder {
  const get = async (ids: readonly string[]): Promise<readonly Build[]> => {
    if (ids.length === 0) return [];
    const { builds = [] } = await codebuild.send(new BatchGetBuildsCommand({ ids: [...ids] }));
    return builds;
  };

  async function find({ pool, attempt }: Pick<BuildOrder, "pool" | "attempt">): Promise<string | undefined> {
    let nextToken: string | undefined;
    for (let page = 0; page < PAGES; page++) {
      // No sort order: newest first is the default, and naming it is an error in projects with more than 100 builds.
      const asked = new ListBuildsForProjectCommand({ projectName: prefix + pool, nextToken });
      const { ids = [], nextToken: more } = await codebuild.send(asked);
      const builds = new Map((await get(ids)).map((build) => [build.id, build]));
      const found = ids.find((id) => jobOf(builds.get(id)) === attempt);
      if (found || !more) return found;
      nextToken = more;
    }
    return undefined;
  }

  return {
    async start(order) {
      try {
        const { build } = await codebuild.send(startOf(order, prefix));
        if (!build?.id) throw new Error(`CodeBuild named no build for ${order.attempt}`);
        return { kind: "started", build: build.id };
      } catch (error) {
        // Every manifest address is signed anew, so a second start is the same token with another parameter.
        const before = error instanceof InvalidInputException ? await find(order) : undefined;
        return before ? { kind: "started", build: before } : refusal(error);
      }
    },

    find,

    async look(ids) {
      const news: BuildNews[] = [];
      for (let at = 0; at < ids.length; at += PAGE) {
        const builds = await get(ids.slice(at, at + PAGE));
        news.push(...builds.flatMap((build) => newsOf(build, prefix) ?? []));
      }
      return news;
    },

    async stop(id) {
      await codebuild.send(new StopBuildCommand({ id }));
    },

    async log(id, bytes) {
      const [build] = await get([id]);
      const { groupName, streamName } = build?.logs ?? {};
      // A build that has not begun has no stream.
      return groupName && streamName ? await logTail(logs, { groupName, streamName }, bytes) : "";
    },
  };
}

const startOf = (order: BuildOrder, prefix: string): StartBuildCommand =>
  new StartBuildCommand({
    projectName: prefix + order.pool,
    idempotencyToken: createHash("sha256").update(order.attempt).digest("hex"),
    environmentVariablesOverride: [
      { name: JOB, value: order.attempt, type: "PLAINTEXT" },
      { name: MANIFEST, value: order.manifest, type: "PLAINTEXT" },
    ],
    timeoutInMinutesOverride: order.timeoutMinutes,
    ...(order.image !== undefined && { imageOverride: order.image }),
  });

const THROTTLING = new Set([
  "ThrottlingException",
  "Throttling",
  "TooManyRequestsException",
  "RequestLimitExceeded",
]);

function refusal(error: unknown): Started {
  if (error instanceof AccountLimitExceededException) return { kind: "no-slot" };
  if (error instanceof Error && (THROTTLING.has(error.name) || error.message === "Rate exceeded"))
    return { kind: "throttled" };
  throw error;
}

const jobOf = (build: Build | undefined): string | undefined =>
  build?.environment?.environmentVariables?.find(({ name }) => name === JOB)?.value;

/** Builds that somebody else started carry no attempt and are no news. */
function newsOf(build: Build, prefix: string): BuildNews | undefined {
  const attempt = jobOf(build);
  if (!build.id || !attempt || !build.buildStatus) return undefined;
  return {
    build: build.id,
    attempt,
    pool: build.projectName?.startsWith(prefix) ? build.projectName.slice(prefix.length) : "",
    status: build.buildStatus,
    phase: build.currentPhase ?? "",
    failure: failureOf(build),
    startedAt: (build.startTime ?? new Date(0)).toISOString(),
    endedAt: build.endTime?.toISOString(),
  };
}

function failureOf(build: Build): BuildNews["failure"] {
  const fine = new Set<string | undefined>(["SUCCEEDED", "IN_PROGRESS", undefined]);
  const failed = build.phases?.find(({ phaseStatus }) => !fine.has(phaseStatus));
  if (!failed?.phaseType) return undefined;
  const said = failed.contexts
    ?.map(({ statusCode, message }) => message || statusCode)
    .filter((text) => text);
  return { phase: failed.phaseType, message: said?.join("; ") || (failed.phaseStatus ?? "") };
}
