import { createHash } from "node:crypto";
import { cp, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Compiled, compileTemplate } from "../../src/local/compile.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const READ = ["serverless.yml", "package.json", "tsconfig.json", "serverless", "buildspecs", "src"];

/** The compiled template; compiled once for the same sources, whichever test asks first. */
export async function compiled(): Promise<Compiled> {
  const dir = join(tmpdir(), `millwright-compiled-${await digest()}`);
  const kept = await load(dir);
  if (kept) return kept;
  const { template, tools } = await compileTemplate(ROOT);
  const draft = await mkdtemp(`${dir}-`);
  await cp(tools, join(draft, "tools"), { recursive: true });
  await writeFile(join(draft, "template.json"), JSON.stringify(template));
  await rm(dirname(dirname(tools)), { recursive: true, force: true });
  // Whoever was faster has compiled the same.
  await rename(draft, dir).catch(() => rm(draft, { recursive: true, force: true }));
  return (await load(dir)) ?? { template, tools };
}

async function load(dir: string): Promise<Compiled | undefined> {
  const text = await readFile(join(dir, "template.json"), "utf8").catch(() => undefined);
  return text === undefined ? undefined : { template: JSON.parse(text), tools: join(dir, "tools") };
}

async function digest(): Promise<string> {
  const hash = createHash("sha256");
  for (const name of READ) await add(hash, join(ROOT, name));
  return hash.digest("hex").slice(0, 16);
}

async function add(hash: ReturnType<typeof createHash>, path: string): Promise<void> {
  const text = await readFile(path).catch(() => undefined);
  if (text) {
    hash.update(path).update(text);
    return;
  }
  for (const name of (await readdir(path)).toSorted()) await add(hash, join(path, name));
}
