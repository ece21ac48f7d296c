import { suiteOf } from "../check-run-view.ts";
import { latestRuns, runsOf, suiteStatus } from "../check-suite-view.ts";
import { nodeId } from "../node-ids.ts";
import { repositoryUrls } from "../repository-view.ts";
import type { Annotation, CheckRun, CheckSuite, Repository } from "../state.ts";
import { appById, repositoryById } from "../world.ts";
import { demand, type Asking, type Node } from "./asking.ts";
import { connection, type Page } from "./connection.ts";

interface SuiteFilter {
  readonly appId?: number | null;
  readonly checkName?: string | null;
}

interface RunFilter extends SuiteFilter {
  readonly checkType?: "ALL" | "LATEST" | null;
  readonly status?: string | null;
  readonly statuses?: readonly string[] | null;
  readonly conclusions?: readonly string[] | null;
}

const loud = (word: string | null): string | null => word?.toUpperCase() ?? null;

/** Suites of a commit, narrowed to an app or to a name of their runs. */
export const suitesOfCommit = (
  asking: Asking,
  { repository, sha }: { repository: Repository; sha: string },
  { filterBy, ...page }: Page & { readonly filterBy?: SuiteFilter | null },
): Node => {
  demand(asking, repository, "checks:read");
  const { state } = asking.world;
  const named = (suite: CheckSuite): boolean =>
    !filterBy?.checkName || runsOf(asking.world, suite).some((run) => run.name === filterBy.checkName);
  const suites = state.suites
    .filter((suite) => suite.repository === repository.id && suite.sha === sha)
    .filter((suite) => !filterBy?.appId || suite.app === filterBy.appId)
    .filter(named);
  return connection("checkSuites", suites, { page, node: asking.nodes.suite });
};

export const suiteNode = (asking: Asking, suite: CheckSuite): Node => {
  const { world, nodes } = asking;
  const repository = repositoryById(world, suite.repository);
  const { status, conclusion } = suiteStatus(world, suite);
  return {
    __typename: "CheckSuite",
    id: nodeId("CheckSuite", suite.id),
    databaseId: suite.id,
    status: loud(status),
    conclusion: loud(conclusion),
    createdAt: suite.createdAt,
    updatedAt: suite.createdAt,
    url: `${repositoryUrls(world, repository).html}/commit/${suite.sha}/checks?check_suite_id=${suite.id}`,
    app: () => nodes.app(appById(world, suite.app)),
    commit: () => nodes.commit(repository, suite.sha),
    repository: () => nodes.repository(repository),
    checkRuns: ({ filterBy, ...page }: Page & { filterBy?: RunFilter | null }) =>
      connection("checkRuns", chosen(runsOf(world, suite), suite, filterBy ?? {}), { page, node: nodes.run }),
  };
};

/** Newest of each name unless all are asked for; those that are `null` in a filter are not asked for. */
const chosen = (runs: readonly CheckRun[], suite: CheckSuite, filter: RunFilter): readonly CheckRun[] => {
  const statuses = filter.statuses ?? (filter.status ? [filter.status] : undefined);
  return (filter.checkType === "ALL" ? runs : latestRuns(runs))
    .filter((run) => !filter.checkName || run.name === filter.checkName)
    .filter(() => !filter.appId || suite.app === filter.appId)
    .filter((run) => !statuses || statuses.includes(run.status.toUpperCase()))
    .filter((run) => !filter.conclusions || filter.conclusions.includes(loud(run.conclusion) ?? ""))
    .toReversed();
};

export const runNode = (asking: Asking, run: CheckRun): Node => {
  const { world, nodes } = asking;
  const suite = suiteOf(world, run);
  const repository = repositoryById(world, suite.repository);
  const { html } = repositoryUrls(world, repository);
  const url = `${html}/runs/${run.id}`;
  const blobs = `${html}/blob/${suite.sha}`;
  return {
    __typename: "CheckRun",
    id: nodeId("CheckRun", run.id),
    databaseId: run.id,
    name: run.name,
    externalId: run.externalId,
    status: loud(run.status),
    conclusion: loud(run.conclusion),
    startedAt: run.startedAt,
    completedAt: run.completedAt,
    detailsUrl: run.detailsUrl ?? url,
    url,
    permalink: url,
    title: run.title,
    summary: run.summary,
    text: run.text,
    checkSuite: () => nodes.suite(suite),
    repository: () => nodes.repository(repository),
    annotations: (page: Page) =>
      connection("annotations", run.annotations, { page, node: (one) => annotationNode(one, blobs) }),
  };
};

const annotationNode = (annotation: Annotation, blobs: string): Node => ({
  path: annotation.path,
  annotationLevel: loud(annotation.annotation_level),
  message: annotation.message,
  title: annotation.title ?? null,
  rawDetails: annotation.raw_details ?? null,
  blobUrl: `${blobs}/${annotation.path}`,
  location: {
    start: { line: annotation.start_line, column: annotation.start_column ?? null },
    end: { line: annotation.end_line, column: annotation.end_column ?? null },
  },
});
