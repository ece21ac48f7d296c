import type { ClientRequest } from "node:http";
import { type Caller, type Request, signed } from "./signature.ts";

// Not `import`: a module's view of node:http reads each export, `WebSocket` too, and that loads all of fetch.
const { request: http } = process.getBuiltinModule("node:http");

/**
 * One signed request to AWS without the SDK, and the status of its answer: the webhook door makes two of them, and
 * its cold start is what GitHub waits for. node:http and not fetch, which costs more to start than the rest of the door.
 */
export function signedRequest(caller: Caller) {
  return async (request: Request): Promise<number> => {
    const headers = signed(request, caller, new Date().toISOString());
    return send(request, { ...headers, "content-length": String(Buffer.byteLength(request.body)) });
  };
}

function send(request: Request, headers: Record<string, string>): Promise<number> {
  const { url, method, body } = request;
  return new Promise<number>((resolve, reject) => {
    const call = open(url)(url, { method, headers, timeout: 5000 }, (answer) => {
      answer.resume();
      answer.on("end", () => resolve(answer.statusCode ?? 0));
      answer.on("error", reject);
    });
    call.on("error", (error) => (isStale(call, error) ? resolve(send(request, headers)) : reject(error)));
    call.on("timeout", () => call.destroy(new Error(`no answer from ${url.host}`)));
    call.end(body);
  });
}

/** TLS takes as long to load as all else, and on one machine there is none. */
const open = ({ protocol }: URL): typeof http =>
  protocol === "https:" ? process.getBuiltinModule("node:https").request : http;

/** A connection of an earlier delivery that the other side has closed, while Lambda had stopped us. */
const isStale = (call: ClientRequest, error: NodeJS.ErrnoException): boolean =>
  call.reusedSocket && (error.code === "ECONNRESET" || error.code === "EPIPE");
