import { readFileSync } from "node:fs";
import { buildSchema, GraphQLScalarType, valueFromASTUntyped, type GraphQLSchema } from "graphql";

let loaded: GraphQLSchema | undefined;

/** GitHub's published GraphQL schema, whole, read once. */
export const publishedSchema = (): GraphQLSchema => {
  loaded ??= load();
  return loaded;
};

const load = (): GraphQLSchema => {
  const entry = import.meta.resolve("@octokit/graphql-schema");
  const text = readFileSync(new URL("schema.graphql", entry), "utf8");
  const schema = buildSchema(text, { assumeValid: true, noLocation: true });
  for (const [name, fits] of Object.entries(scalars)) restrict(schema.getType(name), fits);
  return schema;
};

/** The published schema names scalars without saying what they look like. */
const scalars: Readonly<Record<string, (text: string) => boolean>> = {
  DateTime: (text) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)$/.test(text),
  GitObjectID: (text) => /^[0-9a-f]{40}$/.test(text),
  URI: (text) => URL.canParse(text),
};

const restrict = (type: unknown, fits: (text: string) => boolean): void => {
  if (!(type instanceof GraphQLScalarType)) return;
  const check = (value: unknown): string => {
    if (typeof value === "string" && fits(value)) return value;
    throw new TypeError(`${JSON.stringify(value)} is not a valid ${type.name}`);
  };
  type.serialize = check;
  type.parseValue = check;
  type.parseLiteral = (node, variables) => check(valueFromASTUntyped(node, variables));
};
