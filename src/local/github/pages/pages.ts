import { Hono, type Context } from "hono";
import { html } from "hono/html";
import { admit } from "../permissions.ts";
import { found, isRefusal } from "../refusal.ts";
import type { Repository } from "../state.ts";
import { repositoryByName, type World } from "../world.ts";
import { checkPage } from "./check-page.ts";
import { layout, type Html } from "./layout.ts";
import { pullPage } from "./pull-page.ts";
import { commitPage, repositoryPage, startPage } from "./repository-page.ts";

/** Pages for people, at GitHub's own addresses; they show what everybody may see. */
export const pages = (world: World): Hono => {
  const app = new Hono();
  const show = async (
    context: Context,
    render: (repository: Repository) => Html | Promise<Html>,
  ): Promise<Response> => {
    try {
      const { owner = "", repo = "" } = context.req.param() as { owner?: string; repo?: string };
      const repository = found(repositoryByName(world, owner, repo));
      admit({ kind: "nobody" }, { repository, need: "contents:read" });
      return context.html(await render(repository));
    } catch (thrown) {
      if (!isRefusal(thrown)) throw thrown;
      return context.html(await layout("Not found", [], html`<h1>Not found</h1>`), 404);
    }
  };
  app.get("/", async (context) => context.html(await startPage(world)));
  app.get("/:owner/:repo", (context) => show(context, (repository) => repositoryPage(world, repository)));
  for (const tail of ["", "/files", "/checks", "/commits"])
    app.get(`/:owner/:repo/pull/:number${tail}`, (context) =>
      show(context, (repository) => pullPage(world, repository, Number(context.req.param("number")))),
    );
  app.get("/:owner/:repo/runs/:id", (context) =>
    show(context, (repository) => checkPage(world, repository, Number(context.req.param("id")))),
  );
  app.get("/:owner/:repo/commit/:sha", (context) =>
    show(context, (repository) => commitPage(world, repository, context.req.param("sha") ?? "")),
  );
  return app;
};
