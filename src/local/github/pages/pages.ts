import { readFileSync } from "node:fs";
import { Hono, type Context } from "hono";
import { html } from "hono/html";
import type { Caller } from "../auth.ts";
import { admit, levelOf } from "../permissions.ts";
import { found, isRefusal } from "../refusal.ts";
import type { Repository, User } from "../state.ts";
import { repositoryByName, type World } from "../world.ts";
import { checkPage } from "./check-page.ts";
import { browsePage, codePage } from "./code-page.ts";
import { commitPage } from "./commit-page.ts";
import { layout, type Html, type Visit } from "./layout.ts";
import { choosePerson, personOf } from "./person.ts";
import { pullPosts, runPosts, suitePosts } from "./posts.ts";
import { visitPull } from "./pull-frame.ts";
import { pullPage } from "./pull-page.ts";
import { checksPage, commitsPage, filesPage } from "./pull-tabs.ts";
import { historyPage, refsPage } from "./refs-page.ts";
import { pullsPage, startPage } from "./repository-frame.ts";
import { ownAddress, refuseForeignPost } from "./same-origin.ts";

type Show = (visit: Visit, repository: Repository, parameter: string) => Html | Promise<Html>;

const pullTabs = { "": pullPage, "/commits": commitsPage, "/checks": checksPage, "/files": filesPage };

/** Address below a repository to the page that is shown there. */
const shown: Readonly<Record<string, Show>> = {
  "": codePage,
  "/tree/:parameter{.+}": browsePage,
  "/blob/:parameter{.+}": browsePage,
  "/commits": historyPage,
  "/branches": refsPage,
  "/pulls": pullsPage,
  "/commit/:parameter": commitPage,
  "/runs/:parameter": (visit, repository, id) => checkPage(visit, repository, Number(id)),
  ...Object.fromEntries(
    Object.entries(pullTabs).map(([tab, show]): [string, Show] => [
      `/pull/:parameter${tab}`,
      (visit, repository, number) => show(visitPull(visit, repository, Number(number))),
    ]),
  ),
};

/** Nothing on a page runs or is fetched from elsewhere, whatever was written into it. */
const policy =
  "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/** Pages for people, at GitHub's own addresses; what a visitor sees and does is what the chosen person may. */
export const pages = (world: World, api: Hono): Hono => {
  const app = new Hono();
  const style = readFileSync(new URL("style.css", import.meta.url), "utf8");
  app.use(async (context, next) => {
    await next();
    context.header("content-security-policy", policy);
    context.header("x-content-type-options", "nosniff");
    context.header("referrer-policy", "same-origin");
  });
  app.get("/-/style.css", (context) => context.body(style, 200, { "content-type": "text/css" }));
  app.get("/", (context) => {
    const visit = visitOf(world, context);
    const mayRead = (one: Repository): boolean =>
      !one.private || (visit.person !== undefined && levelOf(one, visit.person) !== "none");
    return answer(context, visit, () => startPage(visit, world.state.repositories.filter(mayRead)));
  });
  for (const [path, show] of Object.entries(shown))
    app.get(`/:owner/:repo${path}`, (context) => {
      const visit = visitOf(world, context);
      return answer(context, visit, () =>
        show(visit, readable(context, visit), context.req.param("parameter") ?? ""),
      );
    });
  app.post("/-/person", (context) =>
    take(context, visitOf(world, context), async (field) => {
      choosePerson(context, field("login"));
      return ownAddress(field("back"));
    }),
  );
  const handlers = { pull: pullPosts(world, api), runs: runPosts, suites: suitePosts };
  for (const [place, handle] of Object.entries(handlers))
    app.post(`/:owner/:repo/${place}/:id/:verb`, (context) => {
      const visit = visitOf(world, context);
      const { id = "", verb = "" } = context.req.param() as { id?: string; verb?: string };
      return take(context, visit, (field) =>
        handle({ visit, repository: readable(context, visit), id: Number(id), verb, field }),
      );
    });
  return app;
};

const visitOf = (world: World, context: Context): Visit => ({
  world,
  person: personOf(world, context),
  path: context.req.path,
});

const callerOf = (user: User | undefined): Caller => (user ? { kind: "person", user } : { kind: "nobody" });

/** The repository of the address, for those who may read it. */
const readable = (context: Context, { world, person }: Visit): Repository => {
  const { owner = "", repo = "" } = context.req.param() as { owner?: string; repo?: string };
  const repository = found(repositoryByName(world, owner, repo));
  admit(callerOf(person), { repository, need: "contents:read" });
  return repository;
};

const answer = async (
  context: Context,
  visit: Visit,
  render: () => Html | Promise<Html>,
): Promise<Response> => {
  try {
    return context.html(await render());
  } catch (thrown) {
    return refused(context, visit, thrown);
  }
};

/** Takes a form, does what it asks for, and leads to the page that shows it done. */
const take = async (
  context: Context,
  visit: Visit,
  work: (field: (name: string) => string) => Promise<string>,
): Promise<Response> => {
  try {
    refuseForeignPost(context.req.raw);
    const form = await context.req.parseBody();
    const to = await work((name) => {
      const value = form[name];
      return typeof value === "string" ? value : "";
    });
    return context.redirect(to, 303);
  } catch (thrown) {
    return refused(context, visit, thrown);
  }
};

const refused = async (context: Context, visit: Visit, thrown: unknown): Promise<Response> => {
  if (!isRefusal(thrown)) throw thrown;
  const { status } = thrown.refusal;
  const title = status === 404 ? "Not found" : "This was not done";
  const content = html`<h1>${title}</h1>
    ${status === 404 ? "" : html`<p>${thrown.message}</p>`}
    <p><a href="${ownAddress(context.req.path.replace(/\/[a-z]+$/, ""))}">Back</a></p>`;
  context.status(status as 404);
  return context.html(await layout(visit, { title, content }));
};
