import {
  execute,
  getOperationAST,
  GraphQLError,
  Kind,
  OperationTypeNode,
  parse,
  validate,
  type DocumentNode,
  type GraphQLFieldResolver,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from "graphql";
import { isRefusal } from "../refusal.ts";
import { accountNode, appNode } from "./account-nodes.ts";
import type { Asking, Node, Nodes } from "./asking.ts";
import { runNode, suiteNode } from "./check-nodes.ts";
import { mutations } from "./mutations.ts";
import { commitNode, objectNode } from "./object-node.ts";
import { pullNode } from "./pull-node.ts";
import { queries } from "./queries.ts";
import { repositoryNode } from "./repository-node.ts";
import { publishedSchema } from "./schema.ts";

/** A request that the published schema allows. */
export interface Question {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly mutates: boolean;
  /** Its root fields, in order, one for each alias. */
  readonly fields: readonly string[];
}

/** Reads a request; gives what the schema has against it. */
export const readQuestion = (query: string, operationName?: string): Question | readonly GraphQLError[] => {
  let document: DocumentNode;
  try {
    document = parse(query);
  } catch (thrown) {
    if (thrown instanceof GraphQLError) return [thrown];
    throw thrown;
  }
  const errors = validate(publishedSchema(), document);
  if (errors.length > 0) return errors;
  const operation = getOperationAST(document, operationName);
  if (!operation) return [new GraphQLError(`No operation named "${operationName ?? ""}"`)];
  const mutates = operation.operation === OperationTypeNode.MUTATION;
  return { document, operation, mutates, fields: fieldsOf(document, operation.selectionSet) };
};

const fieldsOf = (document: DocumentNode, { selections }: SelectionSetNode): string[] =>
  selections.flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return [selection.name.value];
    if (selection.kind === Kind.INLINE_FRAGMENT) return fieldsOf(document, selection.selectionSet);
    const named = document.definitions.find(
      (one) => one.kind === Kind.FRAGMENT_DEFINITION && one.name.value === selection.name.value,
    );
    return named?.kind === Kind.FRAGMENT_DEFINITION ? fieldsOf(document, named.selectionSet) : [];
  });

/** Runs a question; graphql-js checks each value of the answer against the schema on the way. */
export const answerQuestion = async (
  asked: Omit<Asking, "nodes">,
  question: Question,
  variables: Readonly<Record<string, unknown>>,
) => {
  const asking: Asking = { ...asked, nodes: nodesOf(() => asking) };
  const { document, operation, mutates } = question;
  return execute({
    schema: publishedSchema(),
    document,
    operationName: operation.name?.value ?? null,
    variableValues: variables,
    rootValue: mutates ? mutations(asking) : queries(asking),
    fieldResolver: resolveField,
  });
};

type Resolving = Parameters<GraphQLFieldResolver<Node, unknown>>;

const resolveField = (...[source, args, , { fieldName, parentType }]: Resolving): unknown => {
  const held = source[fieldName];
  if (held === undefined) throw new Error(`the local GitHub does not answer ${parentType.name}.${fieldName}`);
  return typeof held === "function" ? held(args) : held;
};

const nodesOf = (asking: () => Asking): Nodes => ({
  account: (user) => accountNode(asking(), user),
  app: (app) => appNode(asking(), app),
  repository: (repository) => repositoryNode(asking(), repository),
  pull: (issue) => pullNode(asking(), issue),
  commit: (repository, sha) => commitNode(asking(), repository, sha),
  object: (repository, revision) => objectNode(asking(), repository, revision),
  run: (run) => runNode(asking(), run),
  suite: (suite) => suiteNode(asking(), suite),
});

/** What is wrong with an answer itself, and not with what was asked. */
export const ownErrors = (errors: readonly GraphQLError[]): readonly GraphQLError[] =>
  errors.filter(({ path, originalError }) => path && !isRefusal(originalError));
