import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { Log } from "../../ports.ts";
import { type Operation, operation, serviceError } from "../json-protocol.ts";
import { type Books, journalOf } from "./journal.ts";
import { type Build, buildArn, buildId, Order, type Project, REGION } from "./model.ts";
import { existingProject } from "./projects.ts";
import { type Interruption, type Machine, runBuild } from "./run-build.ts";

/** A token names the same request for five minutes. */
const TOKEN_SECONDS = 300;
const PAGE = 100;

interface Options {
  readonly books: Books;
  readonly machine: Machine;
  /** How long a minute of a build's timeout lasts, in ms. */
  readonly minute: number;
  readonly log: Log;
}

/** Builds: started, running, over. */
export function buildYard({ books, machine, minute, log }: Options) {
  const { store, logs, now } = books;
  const running = new Map<string, { interrupt(why: Interruption): void; readonly ended: Promise<void> }>();

  function start(order: Order, retried = false): Build {
    const project = existingProject(store, order.projectName);
    const same = order.idempotencyToken && sameBefore(project.name, order.idempotencyToken);
    if (same) {
      if (canonical(same.order) === canonical(order)) return same.build;
      throw serviceError("InvalidInputException", "The idempotency token was used with other parameters.");
    }
    const limit = project.concurrentBuildLimit ?? Number.POSITIVE_INFINITY;
    if (store.runningIn(project.name) >= limit)
      throw serviceError(
        "AccountLimitExceededException",
        `Cannot have more than ${limit} builds in queue for the account`,
      );
    const build = newBuild(project, order, {
      number: store.buildsIn(project.name) + 1,
      time: now() / 1000,
      retried,
    });
    store.addBuild({ build, order });
    logs.create(build.logs.streamName, build.logs.groupName);
    launch(build, project);
    return build;
  }

  const sameBefore = (project: string, token: string) =>
    store.buildOfToken(project, token, now() / 1000 - TOKEN_SECONDS);

  function launch(build: Build, project: Project): void {
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort("TIMED_OUT"), build.timeoutInMinutes * minute);
    const ended = runBuild({ journal: journalOf(build, books), project, machine, signal: abort.signal })
      .catch((error: unknown) => {
        log("a build was lost", { build: build.id, error: String(error) });
        fault(build.id);
      })
      .finally(() => {
        clearTimeout(timer);
        running.delete(build.id);
      });
    running.set(build.id, { interrupt: (why) => abort.abort(why), ended });
  }

  /** Ends a build that nobody runs any more. */
  function fault(id: string): void {
    const record = store.build(id);
    if (!record || record.build.buildComplete) return;
    const journal = journalOf(record.build, books);
    const message = "The build's host went away.";
    if (record.build.phases.at(-1)?.endTime === undefined)
      journal.leave({ status: "FAULT", code: "INTERNAL_ERROR", message });
    journal.complete("FAULT");
  }

  function existing(idOrArn: string) {
    const record = store.build(buildId(idOrArn));
    if (!record) throw serviceError("ResourceNotFoundException", `Build not found: ${idOrArn}`);
    return record;
  }

  const operations: Record<string, Operation> = {
    StartBuild: operation(Order, (order) => ({ build: start(order) })),

    RetryBuild: operation(One, ({ id, idempotencyToken }) => {
      const { idempotencyToken: _, ...order } = existing(id).order;
      return { build: start({ ...order, ...(idempotencyToken && { idempotencyToken }) }, true) };
    }),

    StopBuild: operation(One, async ({ id }) => {
      const { build } = existing(id);
      const run = running.get(build.id);
      run?.interrupt("STOPPED");
      await run?.ended;
      return { build: existing(id).build };
    }),

    BatchGetBuilds: operation(z.object({ ids: z.array(z.string()).min(1).max(PAGE) }), ({ ids }) => {
      const found = ids.map((id) => store.build(buildId(id))?.build);
      return {
        builds: found.filter((build) => build !== undefined),
        buildsNotFound: ids.filter((_, index) => found[index] === undefined),
      };
    }),

    ListBuildsForProject: operation(ListInput, ({ projectName, sortOrder, nextToken }) => {
      existingProject(store, projectName);
      const newest = sortOrder === "DESCENDING";
      const rows = store.buildIds(projectName, { newest, from: nextToken, limit: PAGE + 1 });
      const page = rows.slice(0, PAGE);
      return {
        ids: page.map(({ id }) => id),
        ...(rows.length > PAGE && { nextToken: String(page.at(-1)?.number) }),
      };
    }),
  };

  return {
    operations,

    /** Finishes as FAULT what ran when the process before us was killed. */
    recover: (): void => store.unfinished().forEach(({ build }) => fault(build.id)),

    /** Kills all builds; the next start finds and finishes them. */
    async close(): Promise<void> {
      const runs = [...running.values()];
      for (const run of runs) run.interrupt("CLOSED");
      await Promise.all(runs.map((run) => run.ended));
    },
  };
}

const One = z.object({ id: z.string().min(1), idempotencyToken: z.string().optional() });

const ListInput = z.object({
  projectName: z.string(),
  sortOrder: z.enum(["ASCENDING", "DESCENDING"]).default("DESCENDING"),
  nextToken: z.coerce.number().int().optional(),
});

const canonical = ({ environmentVariablesOverride, ...order }: Order): string =>
  JSON.stringify([Object.entries(order).toSorted(), environmentVariablesOverride]);

function newBuild(
  project: Project,
  order: Order,
  { number, time, retried }: { number: number; time: number; retried: boolean },
): Build {
  const uuid = randomUUID();
  const id = `${project.name}:${uuid}`;
  const groupName = `/aws/codebuild/${project.name}`;
  const overridden = new Set(order.environmentVariablesOverride?.map(({ name }) => name));
  const kept = project.environment.environmentVariables.filter(({ name }) => !overridden.has(name));
  return {
    id,
    arn: buildArn(id),
    buildNumber: number,
    projectName: project.name,
    buildStatus: "IN_PROGRESS",
    buildComplete: false,
    currentPhase: "SUBMITTED",
    startTime: time,
    initiator: retried ? "millwright/retry" : "millwright",
    serviceRole: project.serviceRole,
    source: { type: "NO_SOURCE", buildspec: order.buildspecOverride ?? project.source.buildspec ?? "" },
    artifacts: { location: project.artifacts.location ?? "" },
    environment: {
      ...project.environment,
      ...(order.imageOverride && { image: order.imageOverride }),
      environmentVariables: [...kept, ...(order.environmentVariablesOverride ?? [])],
    },
    ...(project.vpcConfig && { vpcConfig: project.vpcConfig }),
    timeoutInMinutes: order.timeoutInMinutesOverride ?? project.timeoutInMinutes,
    queuedTimeoutInMinutes: project.queuedTimeoutInMinutes,
    logs: {
      groupName,
      streamName: uuid,
      deepLink: `https://console.aws.amazon.com/cloudwatch/home?region=${REGION}#logsV2:log-groups/log-group/${encodeURIComponent(groupName)}/log-events/${uuid}`,
    },
    phases: [],
    exportedEnvironmentVariables: [],
  };
}
