import { spawn } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What the deployment's files compile to: the template, and the stages' tools beside it. */
export interface Compiled {
  readonly template: unknown;
  readonly tools: string;
}

/** What osls reads of the house. */
const FILES = [
  "serverless.yml",
  "serverless",
  "buildspecs",
  "src",
  "package.json",
  "tsconfig.json",
  "node_modules",
];

/**
 * Compiles serverless.yml as a deployment would, beside the house so that nobody's `.serverless/` is touched: in
 * `given`, which is emptied, or in a new directory that is the caller's to remove.
 */
export async function compileTemplate(root: string, given?: string): Promise<Compiled> {
  const dir = given ?? (await mkdtemp(join(tmpdir(), "millwright-template-")));
  if (given !== undefined) await rm(given, { recursive: true, force: true });
  await mkdir(dir, { recursive: true });
  for (const name of FILES)
    if (name === "src" || name === "node_modules") await symlink(join(root, name), join(dir, name));
    else await cp(join(root, name), join(dir, name), { recursive: true });
  await mkdir(join(dir, ".serverless"), { recursive: true });
  await osls(root, dir);
  const file = join(dir, ".serverless/cloudformation-template-update-stack.json");
  return { template: JSON.parse(await readFile(file, "utf8")), tools: join(dir, ".serverless/tools") };
}

async function osls(root: string, cwd: string): Promise<void> {
  const child = spawn(process.execPath, [join(root, "node_modules/osls/bin/serverless.js"), "package"], {
    cwd,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (said += String(chunk)));
  const code = await new Promise((resolve) => child.on("close", resolve));
  if (code !== 0) throw new Error(`osls package failed:\n${said}`);
}
