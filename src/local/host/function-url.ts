import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { z } from "zod";
import type { Log } from "../../ports.ts";
import type { Door } from "./door.ts";
import { ofType, type Template } from "./template.ts";
import { answerOf, urlEvent } from "./url-event.ts";

/** Bytes of an invocation's payload: Lambda takes 6 MiB, and answers 413 for more. */
const LIMIT = 6_291_456;

export interface FunctionUrl {
  readonly url: string;
  close(): Promise<void>;
}

const Url = z.object({
  AuthType: z.literal("NONE"),
  TargetFunctionArn: z.object({ "Fn::GetAtt": z.tuple([z.string(), z.literal("Arn")]) }),
});

/** Serves the template's Function URLs, the first one at `port`. */
export function serveFunctionUrls(
  template: Template,
  { doors, port, log }: { doors: ReadonlyMap<string, Door>; port: number; log: Log },
): Promise<readonly FunctionUrl[]> {
  const served = ofType(template, "AWS::Lambda::Url").map(async ({ id, properties }, index) => {
    const [target] = Url.parse(properties).TargetFunctionArn["Fn::GetAtt"];
    const door = doors.get(target);
    if (!door) throw new Error(`${id} opens ${target}, which is no function of the template.`);
    return await serveFunctionUrl({ door, port: index === 0 ? port : 0, log });
  });
  return Promise.all(served);
}

/** A Lambda Function URL without authentication: HTTP in, payload format 2.0 to the door. */
async function serveFunctionUrl(options: {
  readonly door: Door;
  readonly port: number;
  readonly log: Log;
}): Promise<FunctionUrl> {
  const server = createServer((request, response) => {
    answer(request, options)
      .catch((error: unknown) => {
        options.log("a door failed", { door: options.door.name, error: String(error) });
        return { statusCode: 502, headers: {}, body: Buffer.from("Internal Server Error") };
      })
      .then((reply) => send(response, reply))
      .catch((error: unknown) => options.log("a caller went away", { error: String(error) }));
  });
  server.listen(options.port, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : options.port;
  return {
    url: `http://127.0.0.1:${port}/`,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

export interface Reply {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: Buffer;
}

const TOO_LARGE: Reply = { statusCode: 413, headers: {}, body: Buffer.from('{"Message":null}') };

async function answer(request: IncomingMessage, { door }: { readonly door: Door }): Promise<Reply> {
  const body = await read(request);
  if (body === undefined) return TOO_LARGE;
  const event = urlEvent(request, body);
  if (Buffer.byteLength(JSON.stringify(event)) > LIMIT) return TOO_LARGE;
  return answerOf(await door.invoke(event));
}

async function read(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    // Read to the end all the same: a caller who is still writing does not hear an answer.
    if (size <= LIMIT) chunks.push(bytes);
  }
  return size <= LIMIT ? Buffer.concat(chunks) : undefined;
}

function send(response: ServerResponse, { statusCode, headers, body }: Reply): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.writeHead(statusCode, { "content-length": body.length });
  response.end(body);
}
