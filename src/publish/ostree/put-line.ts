import { connect } from "node:net";
import type { Socket } from "node:net";
import { connect as connectTls } from "node:tls";

/** One connection that carries one request at a time. */
export interface Line {
  /** Sends a request and gives the status of its answer; throws if the connection breaks. */
  ask(head: string, body: Uint8Array): Promise<number>;
  close(): void;
}

/** Milliseconds without a sign of the other side. */
const PATIENCE = 60_000;
/** Up to here head and body are one write. */
const SMALL = 65_536;

/** Opens a connection to an HTTP server. No library: node:http spends twice as much on a small object as all of the rest. */
export function openLine(origin: URL): Line {
  let waiting: Waiting | undefined;
  let heard = "";
  let gone: Error | undefined;
  const socket = dial(origin);
  const end = (error: Error): void => {
    gone ??= error;
    socket.destroy();
    waiting?.reject(gone);
    waiting = undefined;
  };
  socket.setEncoding("latin1").setNoDelay(true);
  socket.setTimeout(PATIENCE, () => end(new Error(`${origin.host} does not answer.`)));
  socket.on("error", end).on("close", () => end(new Error(`${origin.host} closed the connection.`)));
  socket.on("data", (part: string) => {
    heard += part;
    const answer = answerIn(heard);
    if (!answer || !waiting) return;
    const { resolve } = waiting;
    waiting = undefined;
    heard = "";
    // What an error's body says is of no use here, and may still be coming.
    if (answer.last) end(new Error("The connection is used up."));
    resolve(answer.status);
  });
  return {
    ask: (head, body) =>
      new Promise((resolve, reject) => {
        if (gone) return reject(gone);
        waiting = { resolve, reject };
        send(socket, head, body);
      }),
    close: () => end(new Error("closed")),
  };
}

interface Waiting {
  readonly resolve: (status: number) => void;
  readonly reject: (error: Error) => void;
}

function dial({ protocol, hostname, port }: URL): Socket {
  const host = hostname.replaceAll(/[[\]]/g, "");
  return protocol === "https:"
    ? connectTls({ host, port: Number(port || 443), servername: host })
    : connect({ host, port: Number(port || 80) });
}

function send(socket: Socket, head: string, body: Uint8Array): void {
  if (body.length >= SMALL) {
    socket.cork();
    socket.write(head, "latin1");
    socket.write(body);
    socket.uncork();
    return;
  }
  const all = Buffer.allocUnsafe(head.length + body.length);
  all.write(head, "latin1");
  all.set(body, head.length);
  socket.write(all);
}

/** The answer once it is whole; `last`: no other can follow on this connection. */
function answerIn(heard: string): { readonly status: number; readonly last: boolean } | undefined {
  const end = heard.indexOf("\r\n\r\n");
  if (end < 0) return undefined;
  const head = heard.slice(0, end).toLowerCase();
  const status = Number(head.slice(9, 12));
  const length = /\r\ncontent-length: *(\d+)/.exec(head)?.[1];
  if (status !== 200 || length === undefined || /\r\nconnection: *close/.test(head))
    return { status, last: true };
  return heard.length < end + 4 + Number(length) ? undefined : { status, last: false };
}
