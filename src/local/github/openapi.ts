import { readFileSync } from "node:fs";
import { amend } from "./openapi/amend.ts";

/** A JSON schema as the checked-in document holds it (`nullable` already turned into a null type). */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly format?: string;
  readonly minimum?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly allOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly additionalProperties?: unknown;
}

interface Body {
  readonly $ref?: string;
  readonly required?: boolean;
  readonly content?: Readonly<Record<string, { readonly schema: Schema }>>;
}

export interface Parameter {
  readonly $ref?: string;
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema: Schema;
}

export interface OperationDescription {
  readonly operationId: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: Body;
  readonly responses: Readonly<Record<string, Body>>;
}

type PathItem = Readonly<Record<string, OperationDescription>>;

interface OpenApiDocument {
  readonly info: { readonly version: string };
  readonly paths: Readonly<Record<string, PathItem>>;
  readonly "x-webhooks": Readonly<Record<string, { readonly post: { readonly requestBody: Body } }>>;
  readonly components: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** GitHub's description of its own API, read for the operations that are served here. */
export interface OpenApi {
  readonly document: OpenApiDocument;
  /** Follows `$ref`s to what they name. */
  resolve<T extends { readonly $ref?: string }>(value: T): T;
  operation(method: string, path: string): OperationDescription | undefined;
  /** Schema of a JSON answer; undefined where none is described. */
  answer(operation: OperationDescription, status: number): Schema | undefined;
  question(
    operation: OperationDescription,
  ): { readonly schema: Schema; readonly required: boolean } | undefined;
  /** Schema of an event's payload (`pull_request`, `opened`). */
  payload(event: string, action: string | null): Schema | undefined;
}

let loaded: OpenApi | undefined;

/** The checked-in description, read once. */
export const openApi = (): OpenApi => {
  loaded ??= load();
  return loaded;
};

const load = (): OpenApi => {
  const file = readFileSync(new URL("openapi/github.json", import.meta.url), "utf8");
  const document = amend(JSON.parse(file) as OpenApiDocument);
  const resolve = <T extends { readonly $ref?: string }>(value: T): T => {
    let current = value;
    while (current.$ref) current = lookUp(document, current.$ref) as T;
    return current;
  };
  const json = (body: Body | undefined): Schema | undefined =>
    body && resolve(body).content?.["application/json"]?.schema;
  return {
    document,
    resolve,
    operation: (method, path) => document.paths[path]?.[method.toLowerCase()],
    answer: (operation, status) => json(operation.responses[String(status)]),
    question: (operation) => {
      const schema = json(operation.requestBody);
      return schema && { schema, required: operation.requestBody?.required ?? false };
    },
    payload: (event, action) => {
      const name = (action ? `${event}-${action}` : event).replaceAll("_", "-");
      return json(document["x-webhooks"][name]?.post.requestBody);
    },
  };
};

const lookUp = (document: OpenApiDocument, pointer: string): unknown => {
  let value: unknown = document;
  for (const step of pointer.slice(2).split("/"))
    value = (value as Record<string, unknown>)[step.replaceAll("~1", "/").replaceAll("~0", "~")];
  return value;
};
