import type { Bare } from "./bare.ts";
import { applyInput, blankRun } from "./check-run-change.ts";
import type { ChangedCheckRun, NewCheckRun } from "./check-run-input.ts";
import { checkRunPayload, suiteOf } from "./check-run-view.ts";
import { suiteFor, suiteStatus, suiteView } from "./check-suite-view.ts";
import { gitHubTime } from "./commit-object.ts";
import { isPull } from "./pull-view.ts";
import { refuse } from "./refusal.ts";
import type { CheckRun, Repository, User } from "./state.ts";
import { repositoryById, type App, type World } from "./world.ts";

/** Who writes checks, and where: the same for REST and GraphQL. */
export interface CheckWriter {
  readonly world: World;
  readonly repository: Repository;
  readonly bare: Bare;
  readonly app: App;
  /** The account that the app acts as. */
  readonly by: User;
}

export const createRun = async (writer: CheckWriter, input: NewCheckRun): Promise<CheckRun> => {
  const { world, repository, bare, app } = writer;
  const { head_sha: sha, ...rest } = input;
  if ((await bare.objects.info(sha))?.type !== "commit") throw refuse(422, `No commit found for SHA: ${sha}`);
  const now = gitHubTime(world.now());
  const draft = blankRun(world.nextId(), now);
  applyInput(draft, rest, now);
  const suite = suiteFor(world, { repository, sha, app: app.id, branch: branchAt(writer, sha) });
  suite.reset = false;
  const run: CheckRun = { ...draft, suite: suite.id };
  world.state.runs.push(run);
  await tellRun(world, run, { action: "created", by: writer.by });
  if (run.status === "completed") await tellCompletion(writer, run);
  return run;
};

export const updateRun = async (
  writer: CheckWriter,
  run: CheckRun,
  input: ChangedCheckRun,
): Promise<CheckRun> => {
  const { world, app } = writer;
  const suite = suiteOf(world, run);
  if (suite.app !== app.id)
    throw refuse(
      403,
      `Invalid app_id \`${app.id}\` - check run can only be modified by the GitHub App that created it.`,
    );
  const before = run.status;
  applyInput(run, input, gitHubTime(world.now()));
  suite.reset = false;
  if (before !== "completed" && run.status === "completed") await tellCompletion(writer, run);
  return run;
};

/** The branch a commit is known by: that of a pull request of the repository itself; of forks GitHub names none. */
const branchAt = ({ world, repository }: CheckWriter, sha: string): string | null =>
  world.state.issues
    .filter(isPull)
    .find(({ pull }) => pull.head === sha && pull.headRepository === repository.id)?.pull.headRef ?? null;

interface Told {
  readonly action: string;
  readonly by: User;
  readonly more?: Readonly<Record<string, unknown>>;
}

/** What asks an app for something reaches that app alone, listening or not; the rest reaches all that listen. */
const asks = new Set(["rerequested", "requested_action"]);

/** Tells of a run. */
export const tellRun = async (world: World, run: CheckRun, { action, by, more }: Told): Promise<void> => {
  const suite = suiteOf(world, run);
  await world.webhooks.emit(world, {
    event: "check_run",
    action,
    body: { ...more, check_run: await checkRunPayload(world, run) },
    repository: repositoryById(world, suite.repository),
    by,
    ...(asks.has(action) ? { only: suite.app } : {}),
  });
};

const tellCompletion = async (writer: CheckWriter, run: CheckRun): Promise<void> => {
  const { world, repository, by } = writer;
  await tellRun(world, run, { action: "completed", by });
  const suite = suiteOf(world, run);
  if (suiteStatus(world, suite).status !== "completed") return;
  await world.webhooks.emit(world, {
    event: "check_suite",
    action: "completed",
    body: { check_suite: await suiteView(world, suite) },
    repository,
    by,
  });
};

/** Asks for a run again: resets the suite and not the run, since answering is the app's part. */
export const rerequestRun = async (world: World, run: CheckRun, by: User): Promise<void> => {
  suiteOf(world, run).reset = true;
  world.touch();
  await tellRun(world, run, { action: "rerequested", by });
};
