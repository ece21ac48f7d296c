import { rerequestSuite } from "./check-suites.ts";
import { suiteOf } from "./check-run-view.ts";
import { rerequestRun, tellRun } from "./check-run-writes.ts";
import { appOrFirst } from "./installing.ts";
import { maintains } from "./permissions.ts";
import { found, refuse } from "./refusal.ts";
import type { CheckRun, CheckSuite, User } from "./state.ts";
import { repositoryById, userByLogin, type World } from "./world.ts";

/** The buttons of GitHub's pages that have no call of their own. */
export const clicks = (world: World) => ({
  /** A button that a check run offers. */
  pressButton: (run: number, identifier: string, by: string): Promise<void> =>
    press(world, run, { identifier, by }),
  /** "Re-run" of a check run. */
  rerunCheck: (id: number, by: string): Promise<void> => {
    const run = runOf(world, id);
    return rerequestRun(world, run, clicker(world, suiteOf(world, run), by));
  },
  /** "Re-run all checks" of a suite. */
  rerunSuite: (id: number, by: string): Promise<void> => {
    const suite = found(world.state.suites.find((one) => one.id === id));
    return rerequestSuite(world, suite, clicker(world, suite, by));
  },
  /** What GitHub sends when a webhook is set up. */
  ping: (app?: number): Promise<void> => ping(world, app),
});

const ping = async (world: World, id?: number): Promise<void> => {
  const app = appOrFirst(world, id);
  const hook = {
    type: "App",
    id: app.id,
    name: "web",
    active: true,
    events: app.events,
    app_id: app.id,
    config: { content_type: "json", insecure_ssl: "0", secret: "********", url: app.webhookUrl },
    updated_at: world.now(),
    created_at: world.now(),
    deliveries_url: `${world.urls.api}/app/hook/deliveries`,
  };
  const by = found(userByLogin(world, `${app.slug}[bot]`));
  await world.webhooks.tell(world, app, {
    event: "ping",
    body: { zen: "Keep it logically awesome.", hook_id: app.id, hook },
    by,
  });
};

/** The person who clicks: GitHub shows these buttons to those with write permission. */
const clicker = (world: World, suite: CheckSuite, login: string): User => {
  const by = found(userByLogin(world, login), `there is no user ${login}`);
  if (maintains(repositoryById(world, suite.repository), { kind: "person", user: by })) return by;
  throw refuse(403, `${login} may not write to the repository`);
};

const press = async (world: World, id: number, { identifier, by }: { identifier: string; by: string }) => {
  const run = runOf(world, id);
  const person = clicker(world, suiteOf(world, run), by);
  if (!run.actions.some((action) => action.identifier === identifier))
    throw refuse(422, `check run ${id} offers no action ${identifier}`);
  const more = { requested_action: { identifier } };
  await tellRun(world, run, { action: "requested_action", by: person, more });
};

const runOf = (world: World, id: number): CheckRun => found(world.state.runs.find((run) => run.id === id));
