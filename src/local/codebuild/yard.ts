import type { Log } from "../../ports.ts";
import { serviceError } from "../json-protocol.ts";
import { type Books, journalOf } from "./journal.ts";
import type { Build, Order, Project } from "./model.ts";
import { newBuild } from "./new-build.ts";
import type { Interruption } from "./outcome.ts";
import { type Machine, runBuild } from "./run-build.ts";

/** A token names the same request for five minutes. */
const TOKEN_SECONDS = 300;

export interface YardOptions {
  readonly books: Books;
  readonly machine: Machine;
  /** How long a minute of a build's timeout lasts, in ms. */
  readonly minute: number;
  readonly log: Log;
}

export type Yard = ReturnType<typeof buildYard>;

/** Where builds run. */
export function buildYard({ books, machine, minute, log }: YardOptions) {
  const { store, logs, now } = books;
  const running = new Map<string, { interrupt(why: Interruption): void; readonly ended: Promise<void> }>();

  function launch(build: Build, project: Project): void {
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort("TIMED_OUT"), build.timeoutInMinutes * minute);
    const ended = runBuild({ journal: journalOf(build, books), project, machine, signal: abort.signal })
      .catch((error: unknown) => {
        log("a build was lost", { build: build.id, error: String(error) });
        endAsFault(build.id, books);
      })
      .finally(() => {
        clearTimeout(timer);
        running.delete(build.id);
      });
    running.set(build.id, { interrupt: (why) => abort.abort(why), ended });
  }

  return {
    /** Starts a build, unless its token did already or the project has no slot left. */
    start(project: Project, order: Order, initiator: string): Build {
      const before = buildOfToken(order, books);
      if (before) return before;
      demandSlot(project, store.runningIn(project.name));
      const number = store.buildsIn(project.name) + 1;
      const build = newBuild(project, order, { number, time: now() / 1000, initiator });
      store.addBuild({ build, order });
      logs.create(build.logs.streamName, build.logs.groupName);
      launch(build, project);
      return build;
    },

    /** Kills a build if it runs; resolves when it is over. */
    async stop(id: string): Promise<void> {
      running.get(id)?.interrupt("STOPPED");
      await running.get(id)?.ended;
    },

    /** Finishes as FAULT what ran when the process before us was killed. */
    recover: (): void => store.unfinished().forEach(({ build }) => endAsFault(build.id, books)),

    /** Kills all builds; the next start finds and finishes them. */
    async close(): Promise<void> {
      const runs = [...running.values()];
      for (const run of runs) run.interrupt("CLOSED");
      await Promise.all(runs.map((run) => run.ended));
    },
  };
}

function buildOfToken(order: Order, { store, now }: Books): Build | undefined {
  const { projectName, idempotencyToken } = order;
  if (!idempotencyToken) return undefined;
  const before = store.buildOfToken(projectName, idempotencyToken, now() / 1000 - TOKEN_SECONDS);
  if (before && canonical(before.order) !== canonical(order))
    throw serviceError("InvalidInputException", "The idempotency token was used with other parameters.");
  return before?.build;
}

function demandSlot({ concurrentBuildLimit: limit }: Project, running: number): void {
  if (limit === undefined || running < limit) return;
  throw serviceError(
    "AccountLimitExceededException",
    `Cannot have more than ${limit} builds in queue for the account`,
  );
}

/** Ends a build that nobody runs any more. */
function endAsFault(id: string, books: Books): void {
  const build = books.store.build(id)?.build;
  if (!build || build.buildComplete) return;
  const journal = journalOf(build, books);
  if (build.phases.at(-1)?.endTime === undefined)
    journal.leave({
      status: "FAULT",
      code: "INTERNAL_ERROR",
      message: "The machine that ran the build went away.",
    });
  journal.complete("FAULT");
}

/** Orders with the same members are the same, in whatever order these come. */
const canonical = (order: Order): string =>
  JSON.stringify(Object.entries(order).toSorted(([one], [other]) => (one < other ? -1 : 1)));
