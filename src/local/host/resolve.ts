import type { Values } from "./values.ts";

/** Replaces CloudFormation's functions in a value by what they stand for. */
export type Resolve = (value: unknown) => unknown;

export interface Known {
  readonly values: Values;
  /** What `{{resolve:secretsmanager:…:SecretString:NAME}}` stands for, by NAME. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Addresses on AWS -> addresses here, by prefix. */
  readonly addresses: ReadonlyMap<string, string>;
}

export function resolver(known: Known): Resolve {
  const resolve = (value: unknown): unknown => {
    if (typeof value === "string") return plain(value, known);
    if (Array.isArray(value)) return value.map(resolve);
    if (!isObject(value)) return value;
    const [[name, argument] = ["", undefined], ...rest] = Object.entries(value);
    const apply = rest.length === 0 ? FUNCTIONS[name] : undefined;
    if (apply) return plain(apply(argument, { resolve, values: known.values }), known);
    if (name.startsWith("Fn::")) throw new Error(`The host does not know ${name}; the template uses it.`);
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, resolve(inner)]));
  };
  return resolve;
}

interface Scope {
  readonly resolve: Resolve;
  readonly values: Values;
}

const FUNCTIONS: Readonly<Record<string, (argument: unknown, scope: Scope) => string>> = {
  Ref: (id, { values }) => look(String(id), values),
  "Fn::GetAtt": (path, { values }) => look(Array.isArray(path) ? path.join(".") : String(path), values),
  "Fn::Join": (argument, { resolve }) => {
    const [separator, parts] = Array.isArray(argument) ? argument : [];
    return [resolve(parts)].flat().map(String).join(String(separator));
  },
  "Fn::Sub": (argument, { resolve, values }) => {
    const [text, own] = Array.isArray(argument) ? argument : [argument, {}];
    const names = new Map([...values, ...Object.entries(isObject(own) ? own : {}).map(entry(resolve))]);
    return String(text).replace(/\$\{(!?)([^}]+)\}/g, (_whole, literal: string, name: string) =>
      literal ? `\${${name}}` : look(name, names),
    );
  },
};

const entry =
  (resolve: Resolve) =>
  ([name, value]: [string, unknown]): [string, string] => [name, String(resolve(value))];

function look(name: string, values: Values): string {
  const value = values.get(name);
  if (value === undefined)
    throw new Error(`Nothing here is behind ${name}; name it in the host's \`resolve\`.`);
  return value;
}

function plain(text: string, { secrets, addresses }: Known): string {
  const told = text.replace(
    /\{\{resolve:secretsmanager:[^}]*:SecretString:([^:}]+)\}\}/g,
    (_whole, name: string) => {
      const secret = secrets[name];
      if (secret === undefined)
        throw new Error(`The template asks for the secret ${name}; give it to the host.`);
      return secret;
    },
  );
  return [...addresses].reduce((moved, [there, here]) => moved.replaceAll(there, here), told);
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;
