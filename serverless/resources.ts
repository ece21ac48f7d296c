/** Words of CloudFormation and IAM that the other files here write in. */

export interface Resource {
  readonly Type: string;
  readonly DependsOn?: string | readonly string[];
  readonly DeletionPolicy?: "Retain";
  readonly UpdateReplacePolicy?: "Retain";
  readonly Properties: Readonly<Record<string, unknown>>;
}

export interface Statement {
  readonly Sid?: string;
  readonly Effect: "Allow" | "Deny";
  readonly Action?: readonly string[];
  readonly NotAction?: readonly string[];
  readonly Resource: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** A part of the template, in the shape that osls merges. */
export interface Part {
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs?: Readonly<Record<string, { readonly Value: unknown }>>;
}

/** What osls gives to a function that it resolves a value with. */
export interface Resolving {
  readonly resolveVariable: (address: string) => Promise<string>;
}

export const ref = (id: string) => ({ Ref: id });
export const arnOf = (id: string) => ({ "Fn::GetAtt": [id, "Arn"] });
export const sub = (text: string) => ({ "Fn::Sub": text });

/** `Receive-webhook_x86` -> `ReceiveWebhookX86`: how a name reads as a logical id. */
export const logicalId = (name: string): string =>
  name
    .split(/[-_.]/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("");

export const allow = (Action: readonly string[], Resource: unknown): Statement => ({
  Effect: "Allow",
  Action,
  Resource,
});

export const policy = (Statement: readonly Statement[]) => ({ Version: "2012-10-17", Statement });

/** A role that one service takes on, with one policy written out and none attached. */
export function role(service: string, statements: readonly Statement[], trust: object = {}): Resource {
  const assume = { Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole", ...trust };
  return {
    Type: "AWS::IAM::Role",
    Properties: {
      AssumeRolePolicyDocument: { Version: "2012-10-17", Statement: [assume] },
      Policies: [{ PolicyName: "powers", PolicyDocument: policy(statements) }],
    },
  };
}
