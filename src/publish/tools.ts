import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** Runs one tool with plain arguments (no shell) and gives its standard output. */
export type Tools = (tool: string, args: readonly string[]) => Promise<string>;

/** Tools found on `path`; `home` is empty, so that nobody's rpm macros or keys are read. */
export function tools({ path, home }: { readonly path: string; readonly home: string }): Tools {
  return async (tool, args) => {
    const running = run(tool, args, {
      env: { PATH: path, HOME: home, LC_ALL: "C", TZ: "UTC" },
      maxBuffer: 64 * 1024 * 1024,
    });
    running.child.stdin?.end();
    try {
      return (await running).stdout;
    } catch (cause) {
      throw new Error(`${tool} failed: ${lastWords(cause)}`, { cause });
    }
  };
}

const run = promisify(execFile);

function lastWords(error: unknown): string {
  const told = error instanceof Error && "stderr" in error ? String(error.stderr).trim() : "";
  return told === "" ? String(error) : told.slice(-2000);
}
