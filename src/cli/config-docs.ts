import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { jsonSchema } from "../bot/config/json-schema.ts";
import { configReference } from "../bot/config/reference.ts";
import { commandReference } from "../bot/commands/help.ts";

/** Writes what is made of the code: the config's JSON Schema for editors, and its reference and the commands for people. */
const HOUSE = resolve(import.meta.dirname, "../..");

const pages = {
  "schema/millwright.schema.json": `${JSON.stringify(jsonSchema(), undefined, 2)}\n`,
  "docs/config.md": configReference(),
  "docs/commands.md": commandReference(),
};

for (const [path, text] of Object.entries(pages)) {
  const file = join(HOUSE, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
  console.log(path);
}
