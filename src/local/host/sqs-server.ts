import { existsSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { join } from "node:path";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { Socket } from "node:net";
import { startFauxqs } from "fauxqs";

export interface SqsServer {
  readonly url: string;
  close(): Promise<void>;
}

/** SQS on loopback, its queues on disk below `dir`. It checks no signature: whoever runs on this machine may ask. */
export async function startSqs({
  dir,
  port,
}: {
  readonly dir: string;
  readonly port: number;
}): Promise<SqsServer> {
  letGo(join(dir, "fauxqs.db"));
  const server = await startFauxqs({ port, logger: false, dataDir: dir, defaultRegion: "eu-central-1" });
  const guard = refuseStrangers(server.port);
  subscribe(ACCEPTED, guard);
  return {
    url: `http://127.0.0.1:${server.port}`,
    async close() {
      await server.stop();
      unsubscribe(ACCEPTED, guard);
    },
  };
}

/** Who held a message when the last server ended has ended with it: the message, and its group, need not wait for them. */
function letGo(file: string): void {
  if (!existsSync(file)) return;
  const db = new DatabaseSync(file);
  db.exec("update sqs_messages set visibility_deadline = null, receipt_handle = null");
  db.close();
}

const ACCEPTED = "net.server.socket";
const LOOPBACK = /^(::ffff:)?127\.|^::1$/;

/** The server listens on every interface and cannot be told otherwise; so other machines are hung up on. */
const refuseStrangers = (port: number) => (event: unknown) => {
  const socket = typeof event === "object" && event !== null && "socket" in event ? event.socket : undefined;
  if (!(socket instanceof Socket) || socket.localPort !== port) return;
  if (!LOOPBACK.test(socket.remoteAddress ?? "")) socket.destroy();
};
