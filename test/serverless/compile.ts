import { execFile } from "node:child_process";
import { cp, mkdtemp, readdir, readFile, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Template } from "../../src/local/host/template.ts";

export const ROOT = fileURLToPath(new URL("../..", import.meta.url));

const run = promisify(execFile);

/** What a deployment is made of, and nothing else of the repository. */
const NEEDED = ["package.json", "serverless.yml", "serverless", "buildspecs", "src"];

export interface Compiled {
  /** The temporary directory; whoever compiles removes it. */
  readonly top: string;
  /** The copy in it. */
  readonly dir: string;
  readonly template: Template;
  /** The template with what the host does not read, such as deletion policies. */
  readonly raw: unknown;
  /** File name -> bytes, for each zipped door. */
  readonly zips: ReadonlyMap<string, Buffer>;
  readonly tools: readonly string[];
}

/** Can a process be started that has no network at all? */
export const canCutOff = async (): Promise<boolean> =>
  await run("unshare", ["-rn", "true"]).then(
    () => true,
    () => false,
  );

/** Packages a fresh copy (of an earlier copy: deeper, under another name), cut off from the network where the machine allows it. */
export async function compile(earlier?: Compiled): Promise<Compiled> {
  const top = await mkdtemp(path.join(tmpdir(), "package-"));
  const dir = earlier ? path.join(top, "some", "where") : top;
  for (const name of NEEDED) {
    await cp(path.join(earlier?.dir ?? ROOT, name), path.join(dir, name), { recursive: true });
  }
  await symlink(path.join(ROOT, "node_modules"), path.join(dir, "node_modules"));
  const osls = [process.execPath, "node_modules/osls/bin/serverless.js", "package"];
  const [command = "", ...args] = (await canCutOff()) ? ["unshare", "-rn", ...osls] : osls;
  // No home and no credentials: what is packaged depends on the repository alone.
  await run(command, args, { cwd: dir, env: { HOME: dir, PATH: process.env["PATH"] } });
  const out = path.join(dir, ".serverless");
  const text = await readFile(path.join(out, "cloudformation-template-update-stack.json"), "utf8");
  const names = (await readdir(out)).filter((name) => name.endsWith(".zip")).toSorted();
  const zips = names.map(async (name): Promise<[string, Buffer]> => [
    name,
    await readFile(path.join(out, name)),
  ]);
  return {
    top,
    dir,
    template: Template.parse(JSON.parse(text)),
    raw: JSON.parse(text),
    zips: new Map(await Promise.all(zips)),
    tools: await readdir(path.join(out, "tools")),
  };
}
