import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { pipeline } from "node:stream";
import { isRoot } from "./user-namespace.ts";

/** A sandbox as the host sees it. */
interface SandboxPids {
  /** Outside of it, in the user namespace it was started from. */
  readonly outer: number;
  /** Its first process. */
  readonly inner: number;
}

/** The one way out of a build without network: to a loopback port of the host, at the address it has outside. */
export interface Gate {
  /** Opens the way for a sandbox. */
  openFor(pids: SandboxPids): Promise<{ close(): void }>;
  close(): Promise<void>;
}

/** Names of sockets have at most 107 bytes. */
const LONGEST_NAME = 100;

/** A gate to 127.0.0.1:`port`, through a unix socket in `dir` that builds cannot see. */
export async function makeGate(port: number, dir: string): Promise<Gate> {
  const socketFile = await socketName(path.join(dir, "s3.socket"));
  const server = createServer({ allowHalfOpen: true }, (inner) => {
    const outer = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
    const over = (error: Error | null | undefined): void => {
      if (error) [inner, outer].forEach((socket) => socket.destroy());
    };
    pipeline(inner, outer, over);
    pipeline(outer, inner, over);
  });
  server.listen(socketFile);
  await once(server, "listening");
  return {
    openFor: (pids) => forward({ pids, port, socketFile }),
    async close() {
      server.close();
      await rm(socketFile, { force: true });
    },
  };
}

async function socketName(wanted: string): Promise<string> {
  if (Buffer.byteLength(wanted) > LONGEST_NAME)
    return path.join(await mkdtemp(path.join(tmpdir(), "millwright-")), "s3.socket");
  await rm(wanted, { force: true });
  return wanted;
}

interface Way {
  readonly pids: SandboxPids;
  readonly port: number;
  readonly socketFile: string;
}

async function forward({ pids, port, socketFile }: Way): Promise<{ close(): void }> {
  // Who is not root may enter a network namespace from above the user namespace that owns it.
  const asOwner = isRoot() ? [] : [`--user=/proc/${pids.outer}/ns/user`, "--preserve-credentials"];
  const enter = [...asOwner, `--net=/proc/${pids.inner}/ns/net`, "setpriv", "--pdeathsig", "KILL"];
  const listen = `TCP-LISTEN:${port},bind=127.0.0.1,fork,reuseaddr,max-children=64`;
  const socat = spawn("nsenter", [...enter, "socat", "-d", "-d", listen, `UNIX-CONNECT:${socketFile}`], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  const said: string[] = [];
  const listening = new Promise<void>((resolve, reject) => {
    socat.once("error", reject);
    socat.once("close", () => reject(new Error(`no way to the S3 endpoint into a build: ${said.join(" ")}`)));
    createInterface(socat.stderr).on("line", (line) => {
      if (said.length < 20) said.push(line);
      if (line.includes("listening on")) resolve();
    });
  });
  await listening;
  return { close: () => void socat.kill("SIGKILL") };
}
