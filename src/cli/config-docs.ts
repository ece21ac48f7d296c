import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { jsonSchema } from "../bot/config-json-schema.ts";
import { configReference } from "../bot/config-reference.ts";

/** Writes what is made of the config's schema: the JSON Schema for editors and the reference for people. */
const HOUSE = resolve(import.meta.dirname, "../..");

const pages = {
  "schema/millwright.schema.json": `${JSON.stringify(jsonSchema(), undefined, 2)}\n`,
  "docs/config.md": configReference(),
};

for (const [path, text] of Object.entries(pages)) {
  const file = join(HOUSE, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
  console.log(path);
}
