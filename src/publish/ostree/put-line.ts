import { connect } from "node:net";
import type { OnReadOpts, Socket } from "node:net";
import { connect as connectTls } from "node:tls";

/** One connection that carries one request at a time. */
export interface Line {
  /** Sends a request and gives the status of its answer; throws if the connection breaks. */
  ask(head: string, body: Uint8Array): Promise<number>;
  /** Can it carry another one? */
  isOpen(): boolean;
  close(): void;
}

/** Milliseconds without a sign of the other side. */
const PATIENCE = 60_000;
/** Up to here head and body are one write. */
const SMALL = 65_536;
/** An answer to a PUT is its head; whatever is longer is an error's document. */
const LONGEST = 8192;

/** Opens a connection to an HTTP server. No library: node:http spends twice as much on a small object as all of the rest. */
export function openLine(origin: URL): Line {
  let waiting: Waiting | undefined;
  let gone: Error | undefined;
  const heard = { buffer: Buffer.alloc(LONGEST), text: "" };
  const end = (error: Error): void => {
    gone ??= error;
    socket.destroy();
    waiting?.reject(gone);
    waiting = undefined;
  };
  const hear = (size: number): boolean => {
    heard.text += heard.buffer.toString("latin1", 0, size);
    const answer = answerIn(heard.text);
    if (!answer || !waiting) return true;
    const { resolve } = waiting;
    waiting = undefined;
    heard.text = "";
    // What an error's body says is of no use here, and may still be coming.
    if (answer.last) end(new Error("The connection is used up."));
    resolve(answer.status);
    return true;
  };
  const socket = dial(origin, { buffer: heard.buffer, callback: hear });
  socket.setNoDelay(true).setTimeout(PATIENCE, () => end(new Error(`${origin.host} does not answer.`)));
  socket.on("error", end).on("close", () => end(new Error(`${origin.host} closed the connection.`)));
  return {
    ask: (head, body) =>
      new Promise((resolve, reject) => {
        if (gone) return reject(gone);
        waiting = { resolve, reject };
        send(socket, head, body);
      }),
    isOpen: () => gone === undefined,
    close: () => end(new Error("closed")),
  };
}

interface Waiting {
  readonly resolve: (status: number) => void;
  readonly reject: (error: Error) => void;
}

/** With a buffer of its own that is used again and again: a stream's would be garbage after each answer. */
function dial({ protocol, hostname, port }: URL, onread: OnReadOpts): Socket {
  const host = hostname.replaceAll(/[[\]]/g, "");
  const secure = protocol === "https:";
  const options = { host, port: Number(port || (secure ? 443 : 80)), onread };
  if (!secure) return connect(options);
  const named = { ...options, servername: host };
  return connectTls(named);
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
  const status = Number(heard.slice(9, 12));
  const head = heard.slice(0, end).toLowerCase();
  if (status !== 200 || head.includes("\r\nconnection: close")) return { status, last: true };
  const body = heard.slice(end + 4);
  if (head.includes("\r\ntransfer-encoding: chunked"))
    return body.endsWith("0\r\n\r\n") ? { status, last: false } : undefined;
  const length = numberAfter(head, "\r\ncontent-length:");
  if (length === undefined) return { status, last: true };
  return body.length < length ? undefined : { status, last: false };
}

function numberAfter(head: string, name: string): number | undefined {
  const at = head.indexOf(name);
  return at < 0 ? undefined : Number.parseInt(head.slice(at + name.length, at + name.length + 20), 10);
}
