import { once } from "node:events";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";

/** A way to a server on which each request is counted, and at the one that was armed somebody is told instead. */
export async function deadly(origin: string, strike: () => void) {
  let left = Number.POSITIVE_INFINITY;
  const server = createServer((asked, answer) => {
    left -= 1;
    if (left === 0) return strike();
    // Requests that were under way reach the server still, as they do when a machine is taken away.
    const { method, url, headers } = asked;
    const onward = request(new URL(url ?? "", origin), { method, headers, agent: false }, (said) => {
      answer.writeHead(said.statusCode ?? 0, said.headers);
      said.pipe(answer);
    });
    onward.on("error", () => answer.destroy());
    asked.pipe(onward);
    return undefined;
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** The nth request from now on is the last; gives whether it came, when it is asked afterwards. */
    arm(nth: number) {
      left = nth;
      return { came: () => left <= 0 };
    },
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}
