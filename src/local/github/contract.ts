import { Ajv, type ValidateFunction } from "ajv";
import addFormats from "ajv-formats";
import type { OpenApi, OperationDescription, Parameter, Schema } from "./openapi.ts";

/** Where what was said departs from GitHub's own description, as sentences; empty lists mean never. */
export interface Violations {
  readonly request: readonly string[];
  readonly response: readonly string[];
  readonly webhook: readonly string[];
}

export interface Question {
  readonly operation: OperationDescription;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: unknown;
}

/** Listens to everything that is said and writes down where it breaks GitHub's description. It never changes an answer. */
export interface Contract {
  request(question: Question): void;
  unknown(method: string, path: string): void;
  response(operation: OperationDescription, status: number, body: unknown): void;
  webhook(event: string, action: string | null, payload: unknown): void;
  /** Writes down what was found elsewhere: GraphQL is checked while it runs. */
  note(side: "request" | "response", lines: readonly string[]): void;
  violations(): Violations;
}

/** For speed: hears nothing. */
export const noContract: Contract = {
  request: () => undefined,
  unknown: () => undefined,
  response: () => undefined,
  webhook: () => undefined,
  note: () => undefined,
  violations: () => ({ request: [], response: [], webhook: [] }),
};

export const checkedContract = (openapi: OpenApi): Contract => {
  const errors = schemaErrors(openapi);
  const request: string[] = [];
  const response: string[] = [];
  const webhook: string[] = [];
  const asked = (question: Question): string[] => [
    ...(question.operation.parameters ?? []).flatMap((parameter) =>
      errors(...parameterCheck(openapi.resolve(parameter), question)),
    ),
    ...bodyErrors(openapi, errors, question),
  ];
  return {
    request: (question) =>
      void request.push(...asked(question).map((error) => `${question.operation.operationId}: ${error}`)),
    unknown: (method, path) => void request.push(`${method} ${path}: no such operation`),
    response: (operation, status, body) => {
      const said = answerErrors(openapi, errors, { operation, status, body });
      response.push(...said.map((error) => `${operation.operationId} ${status}: ${error}`));
    },
    webhook: (event, action, payload) => {
      const schema = openapi.payload(event, action);
      const said = schema ? errors(schema, payload) : ["no such webhook"];
      webhook.push(...said.map((error) => `${event} ${action ?? ""}: ${error}`));
    },
    note: (side, lines) => void (side === "request" ? request : response).push(...lines),
    violations: () => ({ request: [...request], response: [...response], webhook: [...webhook] }),
  };
};

type Errors = (schema: Schema, value: unknown) => string[];

/** Compiling is slow: what was compiled for a document is kept for all who check against it. */
const compiled = new WeakMap<OpenApi, Errors>();

const schemaErrors = (openapi: OpenApi): Errors => {
  const errors = compiled.get(openapi) ?? newSchemaErrors(openapi);
  compiled.set(openapi, errors);
  return errors;
};

/** Ajv over the document; each schema is compiled when it is first met. */
const newSchemaErrors = (openapi: OpenApi): Errors => {
  const ajv = new Ajv({
    strict: false,
    allErrors: true,
    validateSchema: false,
    logger: false,
    unicodeRegExp: false,
  });
  addFormats.default(ajv);
  // Real authors break `email`, and so does GitHub's own example; the others are no formats of ajv's.
  for (const format of ["email", "repo.nwo", "timestamp", "ssh-key"]) ajv.addFormat(format, true);
  ajv.addSchema(openapi.document, "github");
  const checks = new Map<Schema, ValidateFunction>();
  return (schema, value) => {
    const check = checks.get(schema) ?? ajv.compile(anchored(schema));
    checks.set(schema, check);
    if (check(value)) return [];
    return (check.errors ?? []).map(
      ({ instancePath, message, params }) => `${instancePath || "/"} ${message} ${JSON.stringify(params)}`,
    );
  };
};

/** The schema with its references leading into the document. */
const anchored = (schema: unknown): Schema =>
  JSON.parse(JSON.stringify(schema).replaceAll('"$ref":"#/', '"$ref":"github#/')) as Schema;

const parameterCheck = (parameter: Parameter, { params, query }: Question): [Schema, unknown] => {
  const raw = parameter.in === "path" ? params[parameter.name] : query.get(parameter.name);
  if (parameter.in !== "path" && parameter.in !== "query") return [{}, null];
  // A path that stands for several (the root of a repository) may lack a parameter of the described one.
  if (raw === undefined) return [{}, null];
  if (raw === null) return [parameter.required ? { enum: [parameter.name] } : {}, null];
  const type = String(parameter.schema.type);
  if (type === "array") return [{}, null];
  if (type.includes("integer") && /^-?\d+$/.test(raw)) return [parameter.schema, Number(raw)];
  if (type.includes("boolean") && /^(true|false)$/.test(raw)) return [parameter.schema, raw === "true"];
  return [parameter.schema, raw];
};

const bodyErrors = (openapi: OpenApi, errors: Errors, { operation, body }: Question): string[] => {
  const question = openapi.question(operation);
  if (!question) return [];
  if (body === undefined || body === null) return question.required ? ["the body is missing"] : [];
  const schema = openapi.resolve(question.schema);
  const open = schema.oneOf ?? schema.anyOf ?? schema.additionalProperties;
  const strange =
    schema.properties && !open && typeof body === "object"
      ? Object.keys(body).filter((name) => !Object.hasOwn(schema.properties ?? {}, name))
      : [];
  return [...errors(question.schema, body), ...strange.map((name) => `unknown field ${name}`)];
};

interface Answer {
  readonly operation: OperationDescription;
  readonly status: number;
  readonly body: unknown;
}

const answerErrors = (openapi: OpenApi, errors: Errors, { operation, status, body }: Answer): string[] => {
  // Any call may be refused, and any call may be led to where its repository is called now.
  if (status >= 400 || status === 301 || status === 307) {
    const words = (body as { message?: unknown } | undefined)?.message;
    return typeof words === "string" ? [] : ["an error without a message"];
  }
  if (!Object.hasOwn(operation.responses, String(status))) return ["a status that is not described"];
  const schema = openapi.answer(operation, status);
  if (schema) return errors(schema, body);
  return body === undefined ? [] : ["a body where none is described"];
};
