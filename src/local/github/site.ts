import { Hono } from "hono";
import { PatternRouter } from "hono/router/pattern-router";
import { restApi } from "./api.ts";
import { serveArchive } from "./archives.ts";
import { serveAsset, serveRaw } from "./downloads.ts";
import { redirectPage } from "./moved.ts";
import { graphqlEndpoint, graphqlPaths } from "./graphql/endpoint.ts";
import { operations } from "./operations.ts";
import { pages } from "./pages/pages.ts";
import { serveGit, type GitRequest } from "./smart-http.ts";
import type { World } from "./world.ts";

/** All addresses of the local GitHub. */
export const site = (world: World): Hono => {
  // The one router that lets a long parameter (a ref) stand before the end of a path.
  const app = new Hono({ router: new PatternRouter() });
  app.use(async (context, next) => (await redirectPage(world, context.req.raw)) ?? next());
  const graphql = graphqlEndpoint(world);
  for (const path of graphqlPaths) app.post(path, (context) => graphql(context.req.raw));
  const api = restApi(world, operations);
  app.route("/api/v3", api);
  app.route("/api/uploads", api);
  for (const service of ["info/refs", "git-upload-pack", "git-receive-pack"] as const)
    app.all(`/:owner/:repo/${service}`, (context) => serveGit(world, gitRequest(context.req, service)));
  const downloads = { archive: serveArchive, raw: serveRaw, "releases/download": serveAsset };
  for (const [place, serve] of Object.entries(downloads))
    app.get(`/:owner/:repo/${place}/:wanted{.+}`, (context) =>
      serve(world, {
        owner: context.req.param("owner") ?? "",
        name: context.req.param("repo") ?? "",
        wanted: context.req.param("wanted") ?? "",
        authorization: context.req.header("authorization") ?? null,
      }),
    );
  app.route("/", pages(world, api));
  return app;
};

interface HonoRequest {
  readonly raw: Request;
  param(name: "owner" | "repo"): string;
}

const gitRequest = (request: HonoRequest, service: GitRequest["service"]): GitRequest => ({
  owner: request.param("owner"),
  name: request.param("repo").replace(/\.git$/, ""),
  service,
  request: request.raw,
});
