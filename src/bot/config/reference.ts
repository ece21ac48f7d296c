import { stringify } from "yaml";
import { type JsonSchema, jsonSchema } from "./json-schema.ts";
import { reference } from "../words/config-reference.ts";

/** The config's reference as Markdown, from its JSON Schema. */
export function configReference(): string {
  const schema = jsonSchema();
  const sections = Object.entries(schema.properties ?? {}).map(([key, value]) =>
    section(key, objectOf(value)),
  );
  return `${[reference.head(schema.description ?? ""), ...sections, reference.limits].join("\n\n")}\n`;
}

function section(key: string, schema: JsonSchema): string {
  const inner = Object.entries(innerKeys(schema));
  const parts = [
    `## \`${key}\``,
    schema.description ?? "",
    fact(schema),
    yaml({ [key]: schema.examples?.[0] }),
    inner.length === 0
      ? ""
      : [reference.columns, ...inner.map(([name, value]) => row(name, objectOf(value)))].join("\n"),
  ];
  return parts.filter((part) => part !== "").join("\n\n");
}

/** The keys of a map, or of the maps in it. */
const innerKeys = (schema: JsonSchema): NonNullable<JsonSchema["properties"]> =>
  schema.properties ?? objectOf(schema.additionalProperties).properties ?? {};

const yaml = (value: unknown): string =>
  `\`\`\`yaml\n${stringify(value, { lineWidth: 0 }).trimEnd()}\n\`\`\``;

function row(name: string, schema: JsonSchema): string {
  const example = stringify(
    { [name]: schema.examples?.[0] },
    { collectionStyle: "flow", lineWidth: 0 },
  ).trim();
  const bare = example.startsWith("{") ? example.slice(1, -1).trim() : example;
  return `| \`${name}\` | ${[schema.description, fact(schema)].filter(Boolean).join(" ")} | \`${bare}\` |`;
}

/** Of which kind a value is, and what it is when absent. */
function fact(schema: JsonSchema): string {
  const kind = kindOf(schema);
  const usual = schema.default === undefined ? "" : reference.usual(stringify(schema.default).trim());
  return [kind && reference.kind(kind), usual].filter(Boolean).join(" ");
}

function kindOf({ minimum, maximum, enum: known, type, items }: JsonSchema): string {
  if (type === "array") return reference.list(kindOf(objectOf(Array.isArray(items) ? items[0] : items)));
  if (known?.includes(true)) return reference.flag;
  if (known) return reference.oneOf(known.map(String));
  if (minimum !== undefined && maximum !== undefined) return reference.whole(minimum, maximum);
  return minimum === undefined ? "" : reference.id;
}

const objectOf = (schema: JsonSchema | boolean | undefined): JsonSchema =>
  typeof schema === "object" ? schema : {};
