import type { GraphQLError } from "graphql";
import { isRefusal, type Refusal } from "../refusal.ts";

const types: Readonly<Record<number, string>> = {
  403: "FORBIDDEN",
  404: "NOT_FOUND",
  422: "UNPROCESSABLE",
};

/** An error of a field, as GitHub writes it: its alias is null in the data, and the path names it. */
export const fieldError = (error: GraphQLError) => {
  const { message, path, locations, originalError } = error;
  if (!isRefusal(originalError)) return { message, path, locations };
  const { status } = originalError.refusal;
  return {
    ...(types[status] ? { type: types[status] } : {}),
    path,
    ...(status === 403 ? { extensions: { saml_failure: false } } : {}),
    locations,
    message: wordsOf(originalError),
  };
};

/** What REST lists beside its message. */
const wordsOf = ({ message, refusal }: Refusal): string => {
  const details = (refusal.errors ?? []).map((error) => {
    const { message: words, field, code } = error as Readonly<Record<string, string | undefined>>;
    return words ?? `${field} ${code}`;
  });
  return [message, ...details].join(": ");
};

/** A request that the schema does not allow, as GitHub answers it: nothing is run, and there is no data. */
export const questionError = ({ message, locations }: GraphQLError) => {
  const [, fieldName, typeName] = /^Cannot query field "(\w+)" on type "(\w+)"/.exec(message) ?? [];
  if (!fieldName) return { message, locations };
  return {
    extensions: { code: "undefinedField", typeName, fieldName },
    locations,
    message: `Field '${fieldName}' doesn't exist on type '${typeName}'`,
  };
};
