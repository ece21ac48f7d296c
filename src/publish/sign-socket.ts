import { once } from "node:events";
import { createServer } from "node:http";
import { buffer } from "node:stream/consumers";

/** Answers `POST` on a unix socket with a signature over the body, so that rpmsign can ask by curl. */
export async function signSocket(
  path: string,
  sign: (data: Uint8Array) => Promise<Uint8Array>,
): Promise<AsyncDisposable> {
  const server = createServer((request, response) => {
    buffer(request)
      .then(sign)
      .then(
        (signature) => response.end(signature),
        (error: unknown) => response.writeHead(500).end(String(error)),
      );
  });
  server.listen(path);
  await once(server, "listening");
  return {
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}
