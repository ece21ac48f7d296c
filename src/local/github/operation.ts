import type { z } from "zod";
import type { Bare } from "./bare.ts";
import { actorOf, type Caller } from "./auth.ts";
import type { Need } from "./permissions.ts";
import { refuse } from "./refusal.ts";
import type { Repository, User } from "./state.ts";
import type { App, World } from "./world.ts";

export interface Call {
  readonly world: World;
  /** Method and path of the operation, as GitHub describes it. */
  readonly url: URL;
  readonly params: Readonly<Record<string, string>>;
  readonly headers: Headers;
  readonly raw: Uint8Array;
  /** Parsed JSON; undefined where none was sent. */
  readonly body: unknown;
  readonly caller: Caller;
}

export interface RepositoryCall extends Call {
  readonly repository: Repository;
  readonly bare: Bare;
}

export interface Reply {
  readonly status: number;
  /** JSON, or bytes that go out as they are. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** One thing that can be asked of GitHub. */
export interface Operation {
  readonly method: string;
  /** As in GitHub's description: `/repos/{owner}/{repo}/pulls`. */
  readonly path: string;
  /** Absent: the operation looks at the caller itself. */
  readonly need?: Need | undefined;
  /** The path whose description holds, where the own path is not described. */
  readonly describedBy?: string | undefined;
  run(call: Call): Promise<Reply> | Reply;
}

type Answer = Promise<Reply> | Reply;

const split = (route: string): { method: string; path: string } => {
  const [method = "", path = ""] = route.split(" ");
  return { method, path };
};

/** An operation on a repository, open to callers with `need`; one writer at a time. */
export const onRepository = (
  route: string,
  need: Need,
  run: (call: RepositoryCall) => Answer,
): Operation => ({
  ...split(route),
  need,
  run: (call) => run(call as RepositoryCall),
});

/** An operation for an app that shows its JWT. */
export const onApp = (route: string, run: (call: Call & { readonly app: App }) => Answer): Operation => ({
  ...split(route),
  run: (call) => {
    if (call.caller.kind !== "app") throw refuse(401, "A JSON web token could not be decoded");
    return run({ ...call, app: call.caller.app });
  },
});

export const onAnything = (route: string, run: (call: Call) => Answer): Operation => ({
  ...split(route),
  run,
});

export const ok = (body: unknown, headers?: Readonly<Record<string, string>>): Reply => ({
  status: 200,
  body,
  headers,
});
export const created = (body: unknown): Reply => ({ status: 201, body });
export const noContent = (): Reply => ({ status: 204 });

export const actor = (call: Call): User => actorOf(call.world, call.caller);

/** A parameter of the path; the route names it. */
export const param = (call: Call, name: string): string => call.params[name] ?? "";
export const paramNumber = (call: Call, name: string): number => Number(param(call, name));

/** The body in the shape an operation wants, or GitHub's 422 naming the fields. */
export const readBody = <T>(call: Call, schema: z.ZodType<T>, resource: string): T => {
  const parsed = schema.safeParse(call.body ?? {});
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.map((issue) => ({
    resource,
    field: issue.path.join("."),
    code: "invalid",
    message: issue.message,
  }));
  throw refuse(422, "Validation Failed", { errors });
};

/** One page of a list, and the `link` header to the others. */
export const page = <T>(
  call: Call,
  items: readonly T[],
): { items: readonly T[]; headers: Record<string, string> } => {
  const { searchParams: query } = call.url;
  const size = Math.min(100, Math.max(1, Number(query.get("per_page") ?? 30) || 30));
  const current = Math.max(1, Number(query.get("page") ?? 1) || 1);
  const last = Math.max(1, Math.ceil(items.length / size));
  const link = (number: number, rel: string): string => {
    const url = new URL(call.url);
    url.searchParams.set("page", String(number));
    return `<${url.href}>; rel="${rel}"`;
  };
  const links = [
    ...(current > 1 ? [link(current - 1, "prev"), link(1, "first")] : []),
    ...(current < last ? [link(current + 1, "next"), link(last, "last")] : []),
  ];
  return {
    items: items.slice((current - 1) * size, current * size),
    headers: links.length > 0 ? { link: links.join(", ") } : {},
  };
};
