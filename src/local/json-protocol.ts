import { randomUUID } from "node:crypto";
import { createAdaptorServer } from "@hono/node-server";
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import type { z } from "zod";
import type { Log } from "../ports.ts";
import type { Credentials } from "./s3/signature.ts";
import { verifySignature } from "./signature.ts";

/** One operation: takes the parsed JSON of the request, returns the JSON of the answer. */
export type Operation = (input: unknown, accessKeyId: string) => unknown;

/** A service of the AWS JSON 1.1 protocol, found by the prefix of `x-amz-target`. */
export interface JsonService {
  /** The name in the credential scope, such as `codebuild`. */
  readonly signingName: string;
  /** The error this service answers to a malformed request. */
  readonly invalid: string;
  readonly operations: Readonly<Record<string, Operation>>;
}

/** A planted failure: `after` means the operation happens and only its answer is lost. */
export interface PlantedFault {
  readonly when: "before" | "after";
  readonly code: string;
  readonly message: string;
}

export interface JsonServerOptions {
  readonly port: number;
  readonly services: Readonly<Record<string, JsonService>>;
  readonly credentials: Credentials;
  readonly allow?: ((accessKeyId: string, action: string) => boolean) | undefined;
  readonly faults?: ((operation: string, input: unknown) => PlantedFault | undefined) | undefined;
  readonly log: Log;
}

export interface JsonServer {
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

/** An error that the client sees by this name. */
export const serviceError = (code: string, message: string): Error =>
  Object.assign(new Error(message), { code });

/** An operation whose input is checked first. */
export const operation =
  <Schema extends z.ZodType>(
    schema: Schema,
    run: (input: z.output<Schema>, accessKeyId: string) => unknown,
  ): Operation =>
  (input, accessKeyId) =>
    run(schema.parse(input), accessKeyId);

/** Serves JSON 1.1 services on one loopback port to the unmodified AWS SDK; every request must be signed. */
export async function serveJson(options: JsonServerOptions): Promise<JsonServer> {
  const app = new Hono();
  app.use(bodyLimit({ maxSize: 1024 * 1024 }));
  app.post("/", async (context) => {
    const body = await context.req.text();
    const { status, answer } = await reply(context.req.raw, body, options);
    return new Response(JSON.stringify(answer ?? {}), {
      status,
      headers: { "content-type": "application/x-amz-json-1.1", "x-amzn-requestid": randomUUID() },
    });
  });
  const server = createAdaptorServer({ fetch: app.fetch });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(options.port, "127.0.0.1", resolve);
  });
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : options.port;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        if ("closeAllConnections" in server) server.closeAllConnections();
      }),
  };
}

interface Reply {
  readonly status: number;
  readonly answer: unknown;
}

const failed = (code: string, message: string, status = 400): Reply => ({
  status,
  answer: { __type: code, message },
});

async function reply(request: Request, body: string, options: JsonServerOptions): Promise<Reply> {
  const [prefix = "", name = ""] = (request.headers.get("x-amz-target") ?? "").split(".");
  const service = options.services[prefix];
  const run = service && Object.hasOwn(service.operations, name) ? service.operations[name] : undefined;
  if (!service || !run)
    return failed("UnknownOperationException", `There is no operation ${prefix}.${name} here.`);
  const verdict = await verifySignature(
    { method: request.method, url: request.url, headers: request.headers, body },
    { credentials: options.credentials, service: service.signingName, now: Date.now() },
  );
  if (!verdict.ok) return failed(verdict.code, verdict.message);
  const action = `${service.signingName}:${name}`;
  if (options.allow?.(verdict.accessKeyId, action) === false)
    return failed("AccessDeniedException", `${verdict.accessKeyId} is not authorized to perform: ${action}`);
  return await answer(
    { run, body, name, invalid: service.invalid, accessKeyId: verdict.accessKeyId },
    options,
  );
}

interface Call {
  readonly run: Operation;
  readonly body: string;
  readonly name: string;
  readonly invalid: string;
  readonly accessKeyId: string;
}

async function answer(call: Call, { faults, log }: JsonServerOptions): Promise<Reply> {
  try {
    const input: unknown = JSON.parse(call.body || "{}");
    const planted = faults?.(call.name, input);
    if (planted?.when === "before") return failed(planted.code, planted.message);
    const answer = await call.run(input, call.accessKeyId);
    return planted ? failed(planted.code, planted.message, 500) : { status: 200, answer };
  } catch (error) {
    return errorReply(error, call, log);
  }
}

function errorReply(error: unknown, call: Call, log: Log): Reply {
  if (!(error instanceof Error)) return failed("InternalFailure", String(error), 500);
  if (error.name === "ZodError" || error instanceof SyntaxError) return failed(call.invalid, error.message);
  if ("code" in error && typeof error.code === "string" && error.code.endsWith("Exception"))
    return failed(error.code, error.message);
  log("an operation of an embedded AWS service failed", { operation: call.name, error: error.stack });
  return failed("InternalFailure", error.message, 500);
}
