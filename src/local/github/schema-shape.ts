import type { OpenApi, Schema } from "./openapi.ts";

/** An object schema with all of its `allOf`s laid together. */
interface Shape {
  readonly properties: Record<string, Schema>;
  readonly required: Set<string>;
}

export const shapeOf = (openapi: OpenApi, schema: Schema): Shape => {
  const own = openapi.resolve(schema);
  const shape: Shape = { properties: { ...own.properties }, required: new Set(own.required) };
  for (const part of own.allOf ?? []) {
    const other = shapeOf(openapi, part);
    Object.assign(shape.properties, other.properties);
    for (const name of other.required) shape.required.add(name);
  }
  return shape;
};

export const allowsNull = (openapi: OpenApi, schema: Schema): boolean => {
  const { type, enum: values, anyOf, oneOf } = openapi.resolve(schema);
  if (type === "null" || (Array.isArray(type) && type.includes("null"))) return true;
  if (values?.includes(null)) return true;
  return (anyOf ?? oneOf ?? []).some((part) => allowsNull(openapi, part));
};

/** The alternative of a `oneOf` or `anyOf` that fits best what we have. */
export const bestFit = (openapi: OpenApi, choices: readonly Schema[], value: object): Schema | undefined =>
  choices
    .map((choice) => ({ choice, score: fit(openapi, choice, value) }))
    .toSorted((a, b) => b.score - a.score)[0]?.choice;

const fit = (openapi: OpenApi, schema: Schema, value: object): number => {
  const { type } = openapi.resolve(schema);
  if (Array.isArray(value)) return type === "array" ? 5 : -5;
  if (type === "null" || type === "array" || type === "string") return -9;
  const shape = shapeOf(openapi, schema);
  let score = -0.01 * shape.required.size;
  for (const [name, held] of Object.entries(value)) {
    const property = shape.properties[name];
    score += property ? 1 : -1;
    const values = property && openapi.resolve(property).enum;
    if (values && !values.includes(held)) score -= 50;
  }
  return score;
};
