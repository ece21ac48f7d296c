import type { Limited } from "../../ports-github.ts";

/** Where GitHub limits without saying for how long, it asks for a minute at least. */
const MINUTE = 60;

/** Does this refusal say that we have written or asked too much, and for how long we are to be silent? */
export function limitOf(error: unknown): Limited | undefined {
  if (!(error instanceof Error)) return undefined;
  const headers = headersOf(error);
  const after = headers["retry-after"];
  if (after !== undefined) return limited(Number(after));
  if (!isLimit(error, headers)) return undefined;
  const reset = Number(headers["x-ratelimit-reset"]) - Date.parse(String(headers["date"])) / 1000;
  return limited(headers["x-ratelimit-remaining"] === "0" ? reset : MINUTE);
}

const limited = (seconds: number): Limited => ({
  kind: "limited",
  seconds: Number.isFinite(seconds) && seconds > 0 ? Math.ceil(seconds) : MINUTE,
});

type Headers = Readonly<Record<string, string | number | undefined>>;

/** REST's refusals carry their answer; those of GraphQL, which come with 200, its headers. */
function headersOf(error: Error): Headers {
  const { response, headers } = error as { response?: { headers?: Headers }; headers?: Headers };
  return response?.headers ?? headers ?? {};
}

function isLimit(error: Error, headers: Headers): boolean {
  const { status, errors } = error as { status?: number; errors?: readonly { type?: string }[] };
  if (status === 429 || errors?.some(({ type }) => type === "RATE_LIMITED")) return true;
  return status === 403 && (headers["x-ratelimit-remaining"] === "0" || error.message.includes("rate limit"));
}
