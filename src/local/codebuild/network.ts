import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { pipeline } from "node:stream";

/** The one way out of a build without network: to a loopback port of the host, at the address it has outside. */
export interface Gate {
  /** Opens the way for the network namespace of process `pid`. */
  openFor(pid: number): Promise<{ close(): void }>;
  close(): Promise<void>;
}

/** A gate to 127.0.0.1:`port`, through a unix socket that builds cannot see. */
export async function makeGate(port: number): Promise<Gate> {
  const dir = await mkdtemp(path.join(tmpdir(), "millwright-gate-"));
  const socketFile = path.join(dir, "s3");
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
    openFor: (pid) => forward({ pid, port, socketFile }),
    async close() {
      server.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

async function forward(to: { readonly pid: number; readonly port: number; readonly socketFile: string }) {
  const asOwner = process.getuid?.() === 0 ? [] : ["--user", "--preserve-credentials"];
  const enter = ["--target", String(to.pid), ...asOwner, "--net", "setpriv", "--pdeathsig", "KILL"];
  const listen = `TCP-LISTEN:${to.port},bind=127.0.0.1,fork,reuseaddr,max-children=64`;
  const socat = spawn("nsenter", [...enter, "socat", "-d", "-d", listen, `UNIX-CONNECT:${to.socketFile}`], {
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
