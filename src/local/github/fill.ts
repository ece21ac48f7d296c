import type { OpenApi, Schema } from "./openapi.ts";
import { allowsNull, bestFit, shapeOf } from "./schema-shape.ts";

/** An object of an answer or a payload. */
export type Json = Readonly<Record<string, unknown>>;

/** Completes a partial answer with the fields its schema requires, so that our code writes only what means something. */
export type Fill = (schema: Schema, value: unknown) => unknown;

const deepest = 12;

/** `somewhere`: an address for required links that lead nowhere. */
export const filler = (openapi: OpenApi, somewhere: string): Fill => {
  const make = (schema: Schema, depth: number): unknown => {
    const own = openapi.resolve(schema);
    if (depth > deepest) return {};
    if (allowsNull(openapi, own)) return null;
    const alternative = (own.oneOf ?? own.anyOf)?.[0];
    if (alternative) return make(alternative, depth);
    if (own.enum) return own.enum[0];
    return plainSample(own, somewhere) ?? complete(own, {}, depth);
  };

  const complete = (schema: Schema, value: unknown, depth: number): unknown => {
    if (value === null || typeof value !== "object" || depth > deepest) return value;
    const own = openapi.resolve(schema);
    const choices = own.oneOf ?? own.anyOf;
    if (choices && !own.properties) {
      const best = bestFit(openapi, choices, value);
      return best ? complete(best, value, depth + 1) : value;
    }
    const { items } = own;
    if (Array.isArray(value)) return items ? value.map((item) => complete(items, item, depth + 1)) : value;
    return completeObject(own, value as Json, depth);
  };

  const completeObject = (schema: Schema, value: Json, depth: number): Json => {
    const shape = shapeOf(openapi, schema);
    const whole: Record<string, unknown> = {};
    for (const [name, held] of Object.entries(value)) {
      const property = shape.properties[name];
      if (held !== undefined) whole[name] = property ? complete(property, held, depth + 1) : held;
    }
    for (const name of shape.required) {
      const property = shape.properties[name];
      if (!(name in whole)) whole[name] = property ? make(property, depth + 1) : null;
    }
    return whole;
  };

  return (schema, value) => complete(schema, value, 0);
};

/** A value of a schema without parts; undefined for objects. */
const plainSample = (schema: Schema, somewhere: string): unknown => {
  const type = typeof schema.type === "string" ? schema.type : schema.type?.[0];
  if (type === "string") return sampleText(schema.format, somewhere);
  if (type === "integer" || type === "number") return schema.minimum ?? 0;
  if (type === "boolean") return false;
  return type === "array" ? [] : undefined;
};

const sampleText = (format: string | undefined, somewhere: string): string => {
  if (format === "uri") return somewhere;
  if (format === "date-time") return "2026-01-01T00:00:00Z";
  return "";
};
