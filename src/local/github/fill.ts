import type { OpenApi, Schema } from "./openapi.ts";

/** An object of an answer or a payload. */
export type Json = Readonly<Record<string, unknown>>;

/** Completes a partial answer with the fields its schema requires, so that our code writes only what means something. */
export type Fill = (schema: Schema, value: unknown) => unknown;

interface Shape {
  readonly properties: Record<string, Schema>;
  readonly required: Set<string>;
}

const deepest = 12;

/** `somewhere`: an address for required links that lead nowhere. */
export const filler = (openapi: OpenApi, somewhere: string): Fill => {
  const get = (schema: Schema): Schema => openapi.resolve(schema);

  const allowsNull = (schema: Schema): boolean => {
    const { type, enum: values, anyOf, oneOf } = get(schema);
    if (type === "null" || (Array.isArray(type) && type.includes("null"))) return true;
    return (values?.includes(null) ?? false) || (anyOf ?? oneOf ?? []).some(allowsNull);
  };

  const shapeOf = (schema: Schema): Shape => {
    const own = get(schema);
    const shape: Shape = { properties: { ...own.properties }, required: new Set(own.required) };
    for (const part of own.allOf ?? []) {
      const other = shapeOf(part);
      Object.assign(shape.properties, other.properties);
      for (const name of other.required) shape.required.add(name);
    }
    return shape;
  };

  /** How well an alternative of a `oneOf` fits what we have. */
  const fits = (schema: Schema, value: object): number => {
    const { type } = get(schema);
    if (Array.isArray(value)) return type === "array" ? 5 : -5;
    if (type === "null" || type === "array" || type === "string") return -9;
    const shape = shapeOf(schema);
    let score = -0.01 * shape.required.size;
    for (const [name, held] of Object.entries(value)) {
      const property = shape.properties[name];
      score += property ? 1 : -1;
      const values = property && get(property).enum;
      if (values && !values.includes(held)) score -= 50;
    }
    return score;
  };

  const make = (schema: Schema, depth: number): unknown => {
    const own = get(schema);
    if (depth > deepest) return {};
    if (allowsNull(own)) return null;
    const alternative = (own.oneOf ?? own.anyOf)?.[0];
    if (alternative) return make(alternative, depth);
    if (own.enum) return own.enum[0];
    return own.allOf ? complete(own, {}, depth) : makeTyped(own, depth);
  };
  const makeTyped = (schema: Schema, depth: number): unknown => {
    const type = typeof schema.type === "string" ? schema.type : schema.type?.[0];
    if (type === "string") return sampleText(schema.format, somewhere);
    if (type === "integer" || type === "number") return schema.minimum ?? 0;
    if (type === "boolean") return false;
    if (type === "array") return [];
    return complete(schema, {}, depth);
  };

  const complete = (schema: Schema, value: unknown, depth: number): unknown => {
    if (value === null || typeof value !== "object" || depth > deepest) return value;
    const own = get(schema);
    const choices = own.oneOf ?? own.anyOf;
    if (choices && !own.properties) {
      const best = [...choices].sort((a, b) => fits(b, value) - fits(a, value))[0];
      return best ? complete(best, value, depth + 1) : value;
    }
    if (Array.isArray(value))
      return own.items ? value.map((item) => complete(own.items ?? {}, item, depth + 1)) : value;
    return completeObject(own, value as Json, depth);
  };

  const completeObject = (schema: Schema, value: Json, depth: number): Json => {
    const shape = shapeOf(schema);
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

const sampleText = (format: string | undefined, somewhere: string): string => {
  if (format === "uri") return somewhere;
  if (format === "date-time") return "2026-01-01T00:00:00Z";
  return "";
};
