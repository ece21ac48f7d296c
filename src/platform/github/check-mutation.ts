import type { At, Showing } from "../../ports-github.ts";
import { inputOf } from "./check-input.ts";

/** One request that writes several check runs, each under an alias of its own. */
export interface Mutation {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  /** The checks' names, by their aliases. */
  readonly names: ReadonlyMap<string, string>;
}

/** GitHub ends a request after ten seconds, and runs mutations one after the other. */
const CHECKS = 40;
/** Characters of the variables as JSON; a single check may have more. */
const SIZE = 400_000;

/** The fewest requests that write all these check runs. */
export function mutationsOf(at: At, sha: string, checks: readonly Showing[]): readonly Mutation[] {
  const parts: Field[][] = [];
  let size = 0;
  for (const [index, check] of checks.entries()) {
    const field = fieldOf(at, sha, { check, alias: `c${index}` });
    const length = JSON.stringify(field.input).length;
    const part = parts.at(-1);
    if (part && part.length < CHECKS && size + length <= SIZE) part.push(field);
    else parts.push([field]);
    size = parts.at(-1)?.length === 1 ? length : size + length;
  }
  return parts.map(mutationOf);
}

interface Field {
  readonly alias: string;
  readonly name: string;
  readonly mutation: "createCheckRun" | "updateCheckRun";
  readonly type: "CreateCheckRunInput" | "UpdateCheckRunInput";
  readonly input: object;
}

function fieldOf(
  at: At,
  sha: string,
  { check: { check, id }, alias }: { readonly check: Showing; readonly alias: string },
): Field {
  const input = { repositoryId: at.node, ...inputOf(check) };
  const of = { alias, name: check.name };
  return id === undefined
    ? { ...of, mutation: "createCheckRun", type: "CreateCheckRunInput", input: { ...input, headSha: sha } }
    : { ...of, mutation: "updateCheckRun", type: "UpdateCheckRunInput", input: { ...input, checkRunId: id } };
}

function mutationOf(fields: readonly Field[]): Mutation {
  const declared = fields.map(({ alias, type }) => `$${alias}: ${type}!`).join(", ");
  const written = fields.map(
    ({ alias, mutation }) => `  ${alias}: ${mutation}(input: $${alias}) { checkRun { id } }`,
  );
  return {
    query: `mutation(${declared}) {\n${written.join("\n")}\n}`,
    variables: Object.fromEntries(fields.map(({ alias, input }) => [alias, input])),
    names: new Map(fields.map(({ alias, name }) => [alias, name])),
  };
}
