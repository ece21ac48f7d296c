import { Hono } from "hono";
import { callerName } from "./api-calls.ts";
import { authenticate, type Caller } from "./auth.ts";
import { meetFault, pause } from "./faults.ts";
import { errorReply, parseBody, respond } from "./http-reply.ts";
import type { OperationDescription } from "./openapi.ts";
import type { Call, Operation, Reply, RepositoryCall } from "./operation.ts";
import { movedFrom, redirectCall } from "./moved.ts";
import { admit } from "./permissions.ts";
import { rateLimitHeaders, rateLimits } from "./rate-limit.ts";
import { found, isRefusal, refuse } from "./refusal.ts";
import { repositoryByName, userById, type World } from "./world.ts";
import { writing } from "./writing.ts";

/** Parameters that may hold slashes. */
const long = new Set(["path", "ref", "basehead", "branch", "tag", "tree_sha"]);

/** The REST API: each operation behind faults, credentials, permissions, limits and the contract. */
export const restApi = (world: World, operations: readonly Operation[]): Hono => {
  const app = new Hono();
  const count = rateLimits();
  for (const operation of [...operations].sort((a, b) => literals(b) - literals(a)))
    app.on(operation.method, [...routesOf(operation)], async (context) => {
      const request = context.req.raw;
      const description = world.openapi.operation(operation.method, operation.describedBy ?? operation.path);
      const params = named(world, context.req.param() as Record<string, string>);
      const incoming = { description, request, params, count, caller: "nobody" };
      const began = performance.now();
      const reply = await answer(world, operation, incoming);
      const { method, path: route } = operation;
      const asked = { method, route, operation: description?.operationId ?? route, count: 1 };
      world.calls.add({
        ...asked,
        at: world.now(),
        caller: incoming.caller,
        status: reply.status,
        began,
        ended: performance.now(),
      });
      if (description && !(reply.body instanceof Uint8Array))
        world.contract.response(description, reply.status, reply.body);
      return respond(request, reply);
    });
  app.all("*", (context) => {
    world.contract.unknown(context.req.method, context.req.path);
    return respond(context.req.raw, errorReply(refuse(404, "Not Found"), {}));
  });
  return app;
};

const literals = ({ path }: Operation): number => path.replaceAll(/\{\w+\}/g, "").length;

const routeOf = (path: string): string =>
  path.replaceAll(/\{(\w+)\}/g, (_, name: string) => (long.has(name) ? `:${name}{.+}` : `:${name}`));

const byName = "/repos/{owner}/{repo}";

/** What is asked of a repository by its name may be asked by its id as well. */
const routesOf = ({ path }: Operation): readonly string[] => {
  if (!path.startsWith(byName)) return [routeOf(path)];
  return [path, `/repositories/{repository_id}${path.slice(byName.length)}`].map(routeOf);
};

type Params = Readonly<Record<string, string>>;

const named = (world: World, params: Params): Params => {
  const id = params["repository_id"];
  const repository = world.state.repositories.find((one) => String(one.id) === id);
  if (!repository) return params;
  return { ...params, owner: userById(world, repository.owner).login, repo: repository.name };
};

/** Leads a call to a repository that is called something else now. */
const lead = ({ world, params, caller, url }: Call, method: string): void => {
  const moved = movedFrom(world, params["owner"] ?? "", params["repo"] ?? "");
  if (!moved) return;
  if (caller.kind !== "app") admit(caller, { repository: moved, need: "metadata:read" });
  throw redirectCall(world, moved, { method, url });
};

interface Incoming {
  readonly description: OperationDescription | undefined;
  readonly request: Request;
  readonly params: Params;
  readonly count: ReturnType<typeof rateLimits>;
  /** Who asked, once it is known. */
  caller: string;
}

const answer = async (world: World, operation: Operation, incoming: Incoming): Promise<Reply> => {
  const { request, description, params } = incoming;
  let headers: Record<string, string> = {};
  try {
    const raw = new Uint8Array(await request.arrayBuffer());
    const body = parseBody(request, raw);
    const url = new URL(request.url);
    if (description)
      world.contract.request({ operation: description, params, query: url.searchParams, body });
    await pause(world.latency.ms);
    await meetFault(world.faults, description?.operationId ?? `${operation.method} ${operation.path}`);
    const caller = await authenticate(world, request.headers.get("authorization"));
    incoming.caller = callerName(caller);
    headers = limit(world, caller, incoming.count);
    const publicUrl = new URL(
      `${world.urls.api}${url.pathname.replace(/^\/api\/(v3|uploads)/, "")}${url.search}`,
    );
    const call: Call = { world, url: publicUrl, params, headers: request.headers, raw, body, caller };
    lead(call, request.method);
    const reply = await runOn(operation, call);
    return { ...reply, body: whole(world, description, reply), headers: { ...headers, ...reply.headers } };
  } catch (thrown) {
    if (!isRefusal(thrown))
      world.log("an operation failed", { operation: operation.path, error: String(thrown) });
    return errorReply(thrown, headers);
  }
};

const limit = (world: World, caller: Caller, count: Incoming["count"]): Record<string, string> => {
  const rate = count(caller, Date.parse(world.now()));
  const headers = rateLimitHeaders(rate);
  if (rate.used > rate.limit) throw refuse(403, "API rate limit exceeded", { headers });
  return headers;
};

const runOn = async (operation: Operation, call: Call): Promise<Reply> => {
  if (!operation.need) return operation.run(call);
  const { world, params } = call;
  const repository = found(repositoryByName(world, params["owner"] ?? "", params["repo"] ?? ""));
  admit(call.caller, { repository, need: operation.need });
  const whole: RepositoryCall = { ...call, repository, bare: world.bare(repository) };
  if (operation.need.endsWith(":read")) return operation.run(whole);
  if (call.caller.kind === "installation")
    world.countWrites(callerName(call.caller), 1, Date.parse(world.now()));
  return writing(world, repository, () => operation.run(whole));
};

const whole = (world: World, description: OperationDescription | undefined, reply: Reply): unknown => {
  if (!description || reply.body === undefined || reply.body instanceof Uint8Array) return reply.body;
  const schema = world.openapi.answer(description, reply.status);
  return schema ? world.fill(schema, reply.body) : reply.body;
};
