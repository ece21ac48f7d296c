import { spawn } from "node:child_process";

/** Where and with what environment a tool runs; nothing else of ours reaches it. */
export interface ToolSetting {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

const PATH = "/usr/sbin:/usr/bin:/sbin:/bin";

/** Runs a tool to its end and gives what it wrote to stdout; throws with the last lines of stderr if it fails. */
export async function runTool(argv: readonly string[], setting: ToolSetting = {}): Promise<string> {
  const [program = "", ...args] = argv;
  const child = spawn(program, args, {
    cwd: setting.cwd,
    env: { PATH, LC_ALL: "C.UTF-8", HOME: "/nonexistent", ...setting.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output: string[] = [];
  const complaints: string[] = [];
  child.stdout.setEncoding("utf8").on("data", (text: string) => output.push(text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => complaints.push(text));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on("error", (cause) =>
      reject(new Error(`${program} cannot be started; is it installed?`, { cause })),
    );
    child.on("close", resolve);
  });
  if (code === 0) return output.join("");
  const last = [...output, ...complaints].join("").trimEnd().split("\n").slice(-20).join("\n");
  throw new Error(`${program} ended with ${code ?? "a signal"}:\n${last}`);
}
