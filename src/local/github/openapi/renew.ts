import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { operations } from "../operations.ts";
import { cut, type Description } from "./cut.ts";
import { wantedOf } from "./wanted.ts";

/** `node renew.ts <directory of an unpacked @octokit/openapi>`: cuts `github.json` anew and prints what differs. */
const [, , directory] = process.argv;
if (!directory) throw new Error("usage: node renew.ts <directory of an unpacked @octokit/openapi>");

const here = fileURLToPath(new URL(".", import.meta.url));
const read = async (file: string): Promise<Description> =>
  JSON.parse(await readFile(file, "utf8")) as Description;
const held = await read(join(here, "github.json"));
const wanted = wantedOf(operations);
const renewed = cut(await read(join(directory, "generated/api.github.com.json")), wanted);

const operationsOf = ({ paths }: Description): string[] =>
  Object.entries(paths).flatMap(([path, item]) => Object.keys(item).map((method) => `${method} ${path}`));
const webhooksOf = (description: Description): string[] => Object.keys(description["x-webhooks"]);

const absent = (word: string, asked: Iterable<string>, got: readonly string[]): string[] =>
  [...asked].filter((name) => !got.includes(name)).map((name) => `not described: ${word} ${name}`);
const differing = (word: string, before: readonly string[], after: readonly string[]): string[] => [
  ...after.filter((name) => !before.includes(name)).map((name) => `came: ${word} ${name}`),
  ...before.filter((name) => !after.includes(name)).map((name) => `went: ${word} ${name}`),
];
const changed = Object.entries(held.paths)
  .filter(([path, item]) => renewed.paths[path] && !same(item, renewed.paths[path]))
  .map(([path]) => `changed: ${path}`);
const lines = [
  ...absent("operation", wanted.operations, operationsOf(renewed)),
  ...absent("webhook", wanted.webhooks, webhooksOf(renewed)),
  ...differing("operation", operationsOf(held), operationsOf(renewed)),
  ...differing("webhook", webhooksOf(held), webhooksOf(renewed)),
  ...changed,
];
await writeFile(join(here, "github.json"), JSON.stringify(renewed));
process.stdout.write(`${lines.length > 0 ? lines.join("\n") : "nothing changed"}\n`);

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
