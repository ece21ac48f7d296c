import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { cut, type Description } from "./cut.ts";

/** `node renew.ts <directory of an unpacked @octokit/openapi>`: cuts `github.json` anew and prints what differs. */
const [, , directory] = process.argv;
if (!directory) throw new Error("usage: node renew.ts <directory of an unpacked @octokit/openapi>");

const here = fileURLToPath(new URL(".", import.meta.url));
const read = async (file: string): Promise<unknown> => JSON.parse(await readFile(file, "utf8"));
const held = (await read(join(here, "github.json"))) as Description;
const additions = (await read(join(here, "additions.json"))) as Pick<Description, "paths">;
const whole = (await read(join(directory, "generated/api.github.com.json"))) as Description;

const operationsOf = ({ paths }: Pick<Description, "paths">): string[] =>
  Object.entries(paths).flatMap(([path, item]) => Object.keys(item).map((method) => `${method} ${path}`));

const wanted = {
  operations: new Set([...operationsOf(held), ...operationsOf(additions)]),
  webhooks: new Set(Object.keys(held["x-webhooks"])),
};
const renewed = cut(whole, wanted);

const report = (word: string, before: readonly string[], after: readonly string[]): string[] => [
  ...after.filter((name) => !before.includes(name)).map((name) => `came: ${word} ${name}`),
  ...before.filter((name) => !after.includes(name)).map((name) => `went: ${word} ${name}`),
];
const changed = Object.entries(held.paths)
  .filter(([path, item]) => JSON.stringify(item) !== JSON.stringify(renewed.paths[path]))
  .map(([path]) => `changed: ${path}`);
const lines = [
  ...report("operation", operationsOf(held), operationsOf(renewed)),
  ...report("webhook", Object.keys(held["x-webhooks"]), Object.keys(renewed["x-webhooks"])),
  ...changed,
];
await writeFile(join(here, "github.json"), JSON.stringify(renewed));
process.stdout.write(`${lines.length > 0 ? lines.join("\n") : "nothing changed"}\n`);
