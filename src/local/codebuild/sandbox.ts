import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Readable, Writable } from "node:stream";
import { text } from "node:stream/consumers";
import type { Cage } from "./limits.ts";
import type { Gate } from "./network.ts";
import { ownRoot } from "./own-root.ts";
import type { Root } from "./root.ts";
import { DRIVER, listen, SUPERVISOR } from "./shell.ts";
import { asNobody, inUserNamespace } from "./user-namespace.ts";
import { hasDevices, placesOf, walls } from "./walls.ts";

export interface SandboxOptions {
  readonly root: Root;
  /** A directory of the build's own; its `src` is what the build may write. */
  readonly dir: string;
  readonly shell: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Given: no network but this. Absent: the host's network. */
  readonly gate?: Gate | undefined;
  readonly cage?: Cage | undefined;
  /** It may mount and change owners, as root over itself alone; with the host's devices over all. */
  readonly privileged?: boolean;
}

interface Order {
  readonly command: string;
  /** CODEBUILD_BUILD_SUCCEEDING. */
  readonly succeeding: boolean;
  readonly onText: (text: string) => void;
}

export interface Sandbox {
  /** Runs one command in the build's shell, returns its exit status; 137 if the sandbox died under it. */
  run(order: Order): Promise<number>;
  /** Kills every process in it. */
  kill(): void;
  /** Resolves when nothing of it is left. */
  readonly gone: Promise<void>;
}

const KILLED = 137;

/** Opens a bubblewrap sandbox with a shell in it that waits for commands. It dies with this process. */
export async function openSandbox(options: SandboxOptions): Promise<Sandbox> {
  const mark = randomUUID();
  const scripts = path.join(options.dir, "readonly");
  await mkdir(path.join(options.dir, "src"), { recursive: true });
  await mkdir(scripts, { recursive: true });
  await writeFile(path.join(scripts, "driver"), DRIVER);
  await writeFile(path.join(scripts, "supervisor"), SUPERVISOR);

  const child = spawnSandbox(options, ["/bin/sh", "/codebuild/readonly/supervisor", options.shell, mark]);
  const orders = child.stdio[3] as Writable;
  const complaint = text(child.stderr as Readable);
  let over = false;
  let number = 0;
  let current: { onText(text: string): void; end(status: number): void } | undefined;

  const gone = new Promise<void>((resolve) => {
    child.once("close", () => {
      over = true;
      current?.end(KILLED);
      resolve();
    });
  });
  const ready = new Promise<number>((end) => (current = { onText: () => undefined, end }));
  listen(child.stdout as Readable, mark, {
    text: (text) => current?.onText(text),
    status: (status) => current?.end(status),
  });

  // With the first process of a pid namespace dies the namespace; bwrap outside then reaps it and ends.
  const first = await innerPid(child.stdio.at(5) as Readable);
  const kill = (): void => {
    if (!over) killNow(first ?? child.pid);
  };
  if ((await ready) !== 0) throw new Error(`the sandbox did not open: ${(await complaint).trim()}`);
  const way = await options.gate
    ?.openFor({ outer: child.pid ?? 0, inner: first ?? 0 })
    .catch((error: unknown) => {
      kill();
      throw error;
    });
  if (way) void gone.then(() => way.close());

  return {
    async run({ command, succeeding, onText }) {
      number += 1;
      await writeFile(path.join(scripts, `command-${number}`), `${command}\n`);
      const status = new Promise<number>((end) => (current = { onText, end }));
      if (over) return KILLED;
      orders.write(`${number} ${succeeding ? 1 : 0}\n`);
      return await status;
    },
    kill,
    gone,
  };
}

function spawnSandbox(options: SandboxOptions, command: readonly string[]): ChildProcess {
  const { cage, dir, privileged = false } = options;
  const { root, enter } = ownRoot(options.root, dir);
  const doors = cage?.doors ?? [];
  const around = { root, dir, privileged, online: options.gate === undefined };
  const above =
    privileged && !hasDevices(around)
      ? asNobody(path.join(dir, "src"), placesOf(around))
      : [...enter, ...inUserNamespace(root.kind === "directory" ? root.binfmt : undefined)];
  const entry = ["-c", ENTER_CAGE, "enter", String(doors.length), ...doors, ...above];
  const child = spawn("sh", [...entry, "bwrap", "--args", "4", "--info-fd", "5", ...command], {
    stdio: ["ignore", "pipe", "pipe", "pipe", "pipe", "pipe"],
  });
  // Whatever goes wrong shows in its end.
  for (const one of [child, child.stdio[3], child.stdio[4]]) one?.on("error", () => undefined);
  const built = walls({ ...around, environment: options.environment });
  (child.stdio[4] as Writable).end(`${built.join("\0")}\0`);
  return child;
}

const ENTER_CAGE = `
doors=$1; shift
while [ "$doors" -gt 0 ]; do
  echo $$ > "$1" || exit 125
  shift; doors=$((doors - 1))
done
exec "$@"
`;

/** The process id of the sandbox's first process as the host sees it. */
function innerPid(info: Readable): Promise<number | undefined> {
  return new Promise((resolve) => {
    let said = "";
    info.on("data", (chunk: Buffer) => {
      said += chunk.toString();
      const [, pid] = /"child-pid": (\d+)/.exec(said) ?? [];
      if (pid && said.includes("}")) resolve(Number(pid));
    });
    info.once("close", () => resolve(undefined));
  });
}

function killNow(pid: number | undefined): void {
  try {
    if (pid) process.kill(pid, "SIGKILL");
  } catch {
    // It is gone already.
  }
}
