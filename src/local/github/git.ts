import { spawn } from "node:child_process";

/** The environment of every git process: nobody's configuration, no questions, plain English. */
export const gitEnvironment = {
  PATH: "/usr/local/bin:/usr/bin:/bin",
  HOME: "/nonexistent",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_COUNT: "1",
  GIT_CONFIG_KEY_0: "safe.directory",
  GIT_CONFIG_VALUE_0: "*",
  GIT_TERMINAL_PROMPT: "0",
  LC_ALL: "C",
} as const;

interface GitOptions {
  readonly input?: string | Uint8Array | undefined;
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** Exit codes that are answers and not errors; 0 alone if absent. */
  readonly answers?: readonly number[] | undefined;
}

interface GitAnswer {
  readonly code: number;
  readonly bytes: Buffer;
  /** Standard output as text, without the newlines at its end. */
  readonly text: string;
}

/** Runs one git command in a repository. Rejects with git's own words. */
export const git = (dir: string, args: readonly string[], options: GitOptions = {}): Promise<GitAnswer> =>
  new Promise((resolve, reject) => {
    const child = spawn("git", ["-C", dir, ...args], { env: { ...gitEnvironment, ...options.env } });
    const out: Buffer[] = [];
    let words = "";
    child.stdout.on("data", (part: Buffer) => out.push(part));
    child.stderr.on("data", (part: Buffer) => (words += part.toString()));
    child.on("error", reject);
    child.on("close", (code) => {
      const bytes = Buffer.concat(out);
      if ((options.answers ?? [0]).includes(code ?? -1))
        resolve({ code: code ?? -1, bytes, text: bytes.toString().trimEnd() });
      else reject(new Error(`git ${args[0]} ended with ${code}: ${words.trim()}`));
    });
    // git may end before it has read everything (a refused command); its exit code tells.
    child.stdin.on("error", () => undefined);
    child.stdin.end(options.input ?? "");
  });
