import { execFile } from "node:child_process";
import { cp, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const run = promisify(execFile);
const root = resolve(import.meta.dirname, "../..");
let house = "";
let said: readonly { readonly filename: string; readonly code?: string }[] = [];

const planted = [
  [
    "a clock in pipelines/",
    "src/pipelines/planted.ts",
    "export const now = () => Date.now();\n",
    "no-restricted-globals",
  ],
  [
    "an await in pipelines/",
    "src/pipelines/planted.ts",
    "export async function f(p: Promise<void>) {\n  await p;\n}\n",
    "no-async-await",
  ],
  [
    "an await in bot/",
    "src/bot/planted.ts",
    "export async function f(p: Promise<void>) {\n  await p;\n}\n",
    "no-async-await",
  ],
  [
    "randomness in pipelines/",
    "src/pipelines/planted.ts",
    "export const dice = () => Math.random();\n",
    "no-restricted-properties",
  ],
  [
    "the network in bot/",
    "src/bot/planted.ts",
    "export const get = () => fetch('https://example.org');\n",
    "no-restricted-globals",
  ],
  [
    "the process in bot/",
    "src/bot/planted.ts",
    "export const home = () => process.cwd();\n",
    "no-restricted-globals",
  ],
  [
    "node:fs in pipelines/",
    "src/pipelines/planted.ts",
    "export { readFileSync } from 'node:fs';\n",
    "no-restricted-imports",
  ],
  [
    "bot/ from pipelines/",
    "src/pipelines/planted.ts",
    "export { code } from '../bot/markdown/markdown.ts';\n",
    "no-restricted-imports",
  ],
  [
    "bot/ from a room of pipelines/",
    "src/pipelines/spec/planted.ts",
    "export { code } from '../../bot/markdown/markdown.ts';\n",
    "no-restricted-imports",
  ],
  [
    "flow/ from a room of bot/",
    "src/bot/config/planted.ts",
    "export { perform } from '../../flow/perform.ts';\n",
    "no-restricted-imports",
  ],
  [
    "node:fs in the words",
    "src/bot/words/planted.ts",
    "export { readFileSync } from 'node:fs';\n",
    "no-restricted-imports",
  ],
  [
    "platform/ from a room of flow/",
    "src/flow/decide/planted.ts",
    "export { orMissing } from '../../platform/github/client.ts';\n",
    "no-restricted-imports",
  ],
  [
    "a package in a room of flow/",
    "src/flow/tell/planted.ts",
    "export { z } from 'zod';\n",
    "no-restricted-imports",
  ],
  [
    "a type of ports.ts in bot/",
    "src/bot/planted.ts",
    "export type { Clock } from '../ports.ts';\n",
    "no-restricted-imports",
  ],
  [
    "platform/ from flow/",
    "src/flow/planted.ts",
    "export { orMissing } from '../platform/github/client.ts';\n",
    "no-restricted-imports",
  ],
  ["a package in flow/", "src/flow/planted.ts", "export { z } from 'zod';\n", "no-restricted-imports"],
  [
    "flow/ from platform/",
    "src/platform/planted.ts",
    "export { perform } from '../flow/perform.ts';\n",
    "no-restricted-imports",
  ],
  [
    "handlers/ from flow/",
    "src/flow/planted.ts",
    "export { clock } from '../handlers/lambda.ts';\n",
    "no-restricted-imports",
  ],
  [
    "bot/ from publish/",
    "src/publish/planted.ts",
    "export { code } from '../bot/markdown/markdown.ts';\n",
    "no-restricted-imports",
  ],
  [
    "the publisher from verify/",
    "src/verify/planted.ts",
    "export { publish } from '../publish/publish.ts';\n",
    "no-restricted-imports",
  ],
  [
    "flow/ from local/",
    "src/local/planted.ts",
    "export { perform } from '../flow/perform.ts';\n",
    "no-restricted-imports",
  ],
  [
    "the environment in platform/",
    "src/platform/planted.ts",
    "export const home = () => process.env['HOME'];\n",
    "no-restricted-properties",
  ],
  [
    "a console in flow/",
    "src/flow/planted.ts",
    "export const say = () => console.log('hello');\n",
    "no-restricted-globals",
  ],
  [
    "a promise nobody waits for",
    "src/platform/planted.ts",
    "export function f(g: () => Promise<void>) {\n  g();\n}\n",
    "no-floating-promises",
  ],
] as const;

const CLEAN = "src/bot/planted-clean.ts";
const placeOf = (path: string, i: number) => path.replace("planted", `planted-${i}`);

/** Plants everything in a copy of the house, and lints that once. */
beforeAll(async () => {
  house = await mkdtemp(join(tmpdir(), "millwright-walls-"));
  for (const name of [".oxlintrc.json", "tsconfig.json", "package.json", "src"])
    await cp(join(root, name), join(house, name), { recursive: true });
  await symlink(join(root, "node_modules"), join(house, "node_modules"));
  for (const [i, [, path, code]] of planted.entries()) await writeFile(join(house, placeOf(path, i)), code);
  await writeFile(
    join(house, CLEAN),
    "import { slug } from '../pipelines/run.ts';\n\nexport const name = slug('a');\n",
  );
  said = await lint();
});

afterAll(() => rm(house, { recursive: true, force: true }));

async function lint(): Promise<typeof said> {
  const files = [...planted.map(([, path], i) => placeOf(path, i)), CLEAN];
  const args = ["--type-aware", "--format", "json", ...files];
  const linter = run(join(root, "node_modules/.bin/oxlint"), args, { cwd: house, maxBuffer: 2 ** 26 });
  const { stdout } = await linter.catch((error: unknown) => error as { stdout: string });
  return (JSON.parse(stdout) as { diagnostics: typeof said }).diagnostics;
}

const rulesIn = (file: string) =>
  said.filter(({ filename }) => filename === file).map(({ code }) => code ?? "");

describe("the linter finds", () => {
  test.each(planted.map(([what, path, , rule], i) => [what, placeOf(path, i), rule] as const))(
    "%s",
    (_, file, rule) => {
      expect(rulesIn(file).join(" ")).toContain(rule);
    },
  );

  test("nothing in a file that keeps to its room", () => {
    expect(rulesIn(CLEAN)).toEqual([]);
    expect(said.length).toBeGreaterThanOrEqual(planted.length);
  });
});
