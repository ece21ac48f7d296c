import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { infrastructure } from "./failure.ts";

export interface Order {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly input?: string | undefined;
  /** An open file that takes the output instead. */
  readonly into?: number | undefined;
}

export interface Ran {
  readonly code: number;
  readonly out: Buffer;
  readonly err: string;
}

const OUTPUT = 16 * 1024 * 1024;
const TIMEOUT = 20 * 60_000;

/** Runs a program with arguments as they are (no shell) and an environment of its own. */
export async function runProgram(order: Order): Promise<Ran> {
  const { program, args, env, cwd, input = "", into } = order;
  const child = spawn(program, [...args], {
    cwd,
    env: { ...env },
    stdio: ["pipe", into ?? "pipe", "pipe"],
    timeout: TIMEOUT,
    killSignal: "SIGKILL",
  });
  const out = collect(child, "stdout");
  const err = collect(child, "stderr");
  // A program that ends early leaves its input unread; its exit code says more.
  child.stdin?.on("error", () => undefined);
  child.stdin?.end(input);
  const [code, signal] = await once(child, "close");
  if (typeof code !== "number") throw infrastructure(`${program} ${args[0] ?? ""} was ended by ${signal}.`);
  return { code, out: Buffer.concat(out), err: Buffer.concat(err).toString("utf8") };
}

function collect(child: ChildProcess, name: "stdout" | "stderr"): readonly Buffer[] {
  const chunks: Buffer[] = [];
  let size = 0;
  child[name]?.on("data", (chunk: Buffer) => {
    size += chunk.length;
    if (size <= OUTPUT) chunks.push(chunk);
    else child.kill("SIGKILL");
  });
  return chunks;
}
