import { ofType, resourcesOf, type Template } from "./template.ts";

export const REGION = "eu-central-1";
export const ACCOUNT = "000000000000";

/** What is behind a name of the template: `Id` for a Ref, `Id.Attribute` for a GetAtt. Grows while things are made. */
export type Values = Map<string, string>;

const PSEUDO: Readonly<Record<string, string>> = {
  "AWS::AccountId": ACCOUNT,
  "AWS::Partition": "aws",
  "AWS::Region": REGION,
  "AWS::URLSuffix": "amazonaws.com",
};

/** What can be said before anything is made: pseudo parameters, and ARNs that follow from names. */
export function firstValues(template: Template): Values {
  const values: Values = new Map(Object.entries(PSEUDO));
  for (const { id, type } of resourcesOf(template)) {
    values.set(id, id);
    values.set(
      `${id}.Arn`,
      type === "AWS::IAM::Role" ? `arn:aws:iam::${ACCOUNT}:role/${id}` : arn("local", id),
    );
  }
  for (const { id, properties } of ofType(template, "AWS::Lambda::Function")) {
    values.set(`${id}.Arn`, arn("lambda", `function:${textOf(properties["FunctionName"], id)}`));
  }
  for (const { id, properties } of ofType(template, "AWS::Logs::LogGroup")) {
    values.set(id, textOf(properties["LogGroupName"], id));
  }
  return values;
}

export const arn = (service: string, name: string): string =>
  `arn:aws:${service}:${REGION}:${ACCOUNT}:${name}`;

export const textOf = (value: unknown, otherwise: string): string =>
  typeof value === "string" ? value : otherwise;
