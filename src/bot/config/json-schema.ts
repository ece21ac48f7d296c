import { z } from "zod";
import { Arch } from "../../pipelines/run.ts";
import { Arches, Rules } from "./schema.ts";

export type JsonSchema = z.core.JSONSchema.JSONSchema;

/** The JSON Schema of the config, for editors: in the draft that most of them read. */
export const jsonSchema = (): JsonSchema =>
  z.toJSONSchema(Rules, { io: "input", target: "draft-7", override: complete });

type Override = NonNullable<z.core.ToJSONSchemaParams["override"]>;

/** Says what cannot be told from a schema that transforms: examples, defaults, and that arches may be a list. */
const complete: Override = ({ zodSchema, jsonSchema }) => {
  if (zodSchema === Arches) {
    const map: JsonSchema = { ...jsonSchema };
    for (const key of Object.keys(map)) delete jsonSchema[key];
    const list: JsonSchema = { type: "array", items: { type: "string", enum: Arch.options } };
    jsonSchema.anyOf = [list, map];
  }
  const example: unknown = jsonSchema["example"];
  if (example !== undefined) jsonSchema.examples = [example];
  delete jsonSchema["example"];
  if (zodSchema instanceof z.ZodDefault) jsonSchema.default = zodSchema.def.defaultValue;
  // An empty list or map says no more than that the key may be absent.
  if (typeof jsonSchema.default === "object") delete jsonSchema.default;
};

/** The keys that the rules know at a place; none where names are free, or are arches. */
export function keysAt(rules: JsonSchema, path: readonly string[]): readonly string[] | undefined {
  const schema = path.reduce<JsonSchema | undefined>(
    (schema, part) => mapOf(schema?.properties?.[part] ?? schema?.additionalProperties),
    rules,
  );
  return schema?.properties && Object.keys(schema.properties);
}

const mapOf = (schema: JsonSchema | boolean | undefined): JsonSchema | undefined =>
  typeof schema === "object" ? schema : undefined;
