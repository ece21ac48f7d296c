import { z } from "zod";
import { callerName } from "../api-calls.ts";
import { authenticate, type Caller } from "../auth.ts";
import { meetFault, pause } from "../faults.ts";
import { errorReply, parseBody, respond } from "../http-reply.ts";
import { ok, type Reply } from "../operation.ts";
import { rateLimitHeaders, rateLimits, type RateLimit } from "../rate-limit.ts";
import { isRefusal, refuse } from "../refusal.ts";
import type { World } from "../world.ts";
import { answerQuestion, ownErrors, readQuestion, type Question } from "./answer.ts";
import { fieldError, questionError } from "./errors.ts";

/**
 * Where Octokit looks for GraphQL: its `graphql()` takes a `baseUrl` that ends in `/api/v3` (GitHub Enterprise Server,
 * and this GitHub) for REST's and turns to `/api/graphql`; from any other one, as `https://api.github.com`, it goes to
 * `<baseUrl>/graphql`, and so does its plain `request("POST /graphql")`.
 */
export const graphqlPaths: readonly string[] = ["/api/graphql", "/api/v3/graphql"];

const Body = z.object({
  query: z.string(),
  variables: z.record(z.string(), z.unknown()).nullish(),
  operationName: z.string().nullish(),
});

/** What becomes known of a request while it is answered. */
interface Trace {
  caller: string;
  fields: readonly string[];
}

/** GraphQL, behind the same faults, credentials, permissions and limits as REST. */
export const graphqlEndpoint = (world: World): ((request: Request) => Promise<Response>) => {
  const count = rateLimits();
  return async (request) => {
    const began = performance.now();
    const trace: Trace = { caller: "nobody", fields: [] };
    const reply = await safely(world, () => answer(world, { request, count }, trace));
    world.calls.add({
      at: world.now(),
      method: "POST",
      route: "/graphql",
      operation: summary(trace.fields),
      count: Math.max(1, trace.fields.length),
      caller: trace.caller,
      status: reply.status,
      began,
      ended: performance.now(),
    });
    return respond(request, reply);
  };
};

const safely = async (world: World, work: () => Promise<Reply>): Promise<Reply> => {
  try {
    return await work();
  } catch (thrown) {
    if (!isRefusal(thrown)) world.log("GraphQL failed", { error: String(thrown) });
    return errorReply(thrown, {});
  }
};

interface Incoming {
  readonly request: Request;
  readonly count: ReturnType<typeof rateLimits>;
}

const answer = async (world: World, { request, count }: Incoming, trace: Trace): Promise<Reply> => {
  const raw = new Uint8Array(await request.arrayBuffer());
  const body = Body.safeParse(parseBody(request, raw));
  const read = body.success ? readQuestion(body.data.query, body.data.operationName ?? undefined) : undefined;
  if (read && "fields" in read) trace.fields = read.fields;
  await pause(world.latency.ms);
  await meetFault(world.faults, "graphql");
  const caller = await authenticate(world, request.headers.get("authorization"));
  trace.caller = callerName(caller);
  if (caller.kind === "nobody" || caller.kind === "app")
    throw refuse(401, "This endpoint requires you to be authenticated.");
  const rate = count(caller, Date.parse(world.now()));
  const headers = rateLimitHeaders(rate, "graphql");
  if (rate.used > rate.limit)
    return ok({ errors: [{ type: "RATE_LIMITED", message: "API rate limit exceeded" }] }, headers);
  if (!body.success || !read) return ok({ errors: [{ message: noQuery(world) }] }, headers);
  if (!("fields" in read)) {
    world.contract.note(
      "request",
      read.map(({ message }) => `graphql: ${message}`),
    );
    return ok({ errors: read.map(questionError) }, headers);
  }
  countMutations(world, caller, read);
  return ok(await run({ world, caller, rate }, read, body.data.variables ?? {}), headers);
};

const noQuery = (world: World): string => {
  world.contract.note("request", ["graphql: no query"]);
  return "A query attribute must be specified and must be a string.";
};

/** Each alias of a mutation is a write of its own; the request goes through as a whole or not at all. */
const countMutations = (world: World, caller: Caller, { mutates, fields }: Question): void => {
  if (mutates && caller.kind === "installation")
    world.countWrites(callerName(caller), fields.length, Date.parse(world.now()));
};

const run = async (
  asked: { world: World; caller: Caller; rate: RateLimit },
  question: Question,
  variables: Readonly<Record<string, unknown>>,
): Promise<unknown> => {
  const { data, errors = [] } = await answerQuestion(asked, question, variables);
  const { contract } = asked.world;
  // graphql-js gives no data at all where the variables do not fit.
  if (data === undefined)
    contract.note(
      "request",
      errors.map(({ message }) => `graphql: ${message}`),
    );
  contract.note(
    "response",
    ownErrors(errors).map(({ message, path }) => `graphql ${path?.join(".")}: ${message}`),
  );
  return {
    ...(data === undefined ? {} : { data }),
    ...(errors.length > 0 ? { errors: errors.map(fieldError) } : {}),
  };
};

/** `createCheckRun x3, updateCheckRun` */
const summary = (fields: readonly string[]): string => {
  const counts = new Map<string, number>();
  for (const field of fields) counts.set(field, (counts.get(field) ?? 0) + 1);
  return [...counts].map(([field, times]) => (times > 1 ? `${field} x${times}` : field)).join(", ");
};
