type Value = Readonly<Record<string, unknown>>;

/** An OpenAPI document with `x-webhooks`, as far as a cut looks at it. */
export interface Description {
  readonly openapi: string;
  readonly info: Value;
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly "x-webhooks": Value;
  readonly components: Readonly<Record<string, Value>>;
}

export interface Wanted {
  /** `get /repos/{owner}/{repo}` */
  readonly operations: ReadonlySet<string>;
  readonly webhooks: ReadonlySet<string>;
}

/** The part of a description that is wanted: operations, webhooks, and every component they lead to. */
export const cut = (whole: Description, wanted: Wanted): Description => {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const [path, item] of Object.entries(whole.paths))
    for (const [method, operation] of Object.entries(item))
      if (wanted.operations.has(`${method} ${path}`)) paths[path] = { ...paths[path], [method]: operation };
  const webhooks = Object.fromEntries(
    Object.entries(whole["x-webhooks"]).filter(([name]) => wanted.webhooks.has(name)),
  );
  const components = reached(whole, [paths, webhooks]);
  const parts = { openapi: whole.openapi, info: whole.info, paths, "x-webhooks": webhooks, components };
  return plain(parts) as Description;
};

const reached = (whole: Description, start: readonly unknown[]): Record<string, Record<string, unknown>> => {
  const found: Record<string, Record<string, unknown>> = {};
  const open = [...start];
  while (open.length > 0) {
    const value = open.pop();
    if (typeof value !== "object" || value === null) continue;
    const [kind, name] = referenced(value);
    if (kind && name && kind !== "examples" && !found[kind]?.[name]) {
      const component = whole.components[kind]?.[name];
      found[kind] = { ...found[kind], [name]: component };
      open.push(component);
    }
    open.push(...Object.values(value));
  }
  return found;
};

const referenced = (value: object): readonly (string | undefined)[] => {
  const reference = "$ref" in value ? value.$ref : undefined;
  return typeof reference === "string" ? reference.split("/").slice(2) : [];
};

/** Words for people, which no check reads. */
const words = new Set([
  "description",
  "example",
  "examples",
  "externalDocs",
  "summary",
  "tags",
  "title",
  "x-github",
]);

/** Drops words and turns `nullable` into a null type. A property that is *named* like a word is a schema, and stays. */
const plain = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  const kept = Object.entries(value).filter(([name, held]) => !words.has(name) || isSchema(held));
  return withoutNullable(Object.fromEntries(kept.map(([name, held]) => [name, plain(held)])));
};

const isSchema = (value: unknown): boolean =>
  typeof value === "object" && value !== null && ("type" in value || "$ref" in value);

const withoutNullable = (schema: Record<string, unknown>): Record<string, unknown> => {
  if (schema["nullable"] !== true) return schema;
  const { nullable: _, ...rest } = schema;
  if (Array.isArray(rest["enum"]) && !rest["enum"].includes(null)) rest["enum"] = [...rest["enum"], null];
  if (typeof rest["type"] === "string") return { ...rest, type: [rest["type"], "null"] };
  return "type" in rest ? rest : { anyOf: [{ type: "null" }, rest] };
};
