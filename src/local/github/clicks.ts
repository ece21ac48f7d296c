import { rerequestSuite } from "./check-suites.ts";
import { checkRunPayload, suiteOf } from "./check-run-view.ts";
import { appOrFirst } from "./installing.ts";
import { found, refuse } from "./refusal.ts";
import type { User } from "./state.ts";
import { repositoryById, userByLogin, type World } from "./world.ts";

/** The buttons of GitHub's pages that have no call of their own. */
export const clicks = (world: World) => {
  const user = (login: string): User => found(userByLogin(world, login), `there is no user ${login}`);
  return {
    /** A button that a check run offers. */
    clickAction: (run: number, identifier: string, login: string): Promise<void> =>
      tellRun(world, {
        run,
        by: user(login),
        action: "requested_action",
        more: { requested_action: { identifier } },
      }),
    /** "Re-run" of a check run. */
    rerunCheck: (run: number, login: string): Promise<void> =>
      tellRun(world, { run, by: user(login), action: "rerequested", more: {} }),
    /** "Re-run all checks" of a suite. */
    rerunSuite: (suite: number, login: string): Promise<void> =>
      rerequestSuite(world, found(world.state.suites.find(({ id }) => id === suite)), user(login)),
    /** What GitHub sends when a webhook is set up. */
    ping: (app?: number): Promise<void> => ping(world, app),
  };
};

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

interface Click {
  readonly run: number;
  readonly by: User;
  readonly action: string;
  readonly more: Readonly<Record<string, unknown>>;
}

const tellRun = async (world: World, { run: id, by, action, more }: Click): Promise<void> => {
  const run = found(world.state.runs.find((one) => one.id === id));
  const suite = suiteOf(world, run);
  if (action === "rerequested") suite.reset = true;
  world.touch();
  const wanted = more["requested_action"] as { identifier: string } | undefined;
  if (wanted && !run.actions.some(({ identifier }) => identifier === wanted.identifier))
    throw refuse(422, `check run ${id} offers no action ${wanted.identifier}`);
  await world.webhooks.emit(world, {
    event: "check_run",
    action,
    body: { ...more, check_run: await checkRunPayload(world, run) },
    repository: repositoryById(world, suite.repository),
    by,
    only: suite.app,
  });
};
