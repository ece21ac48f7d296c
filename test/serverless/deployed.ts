import { z } from "zod";
import { type Resolve, resolver } from "../../src/local/host/resolve.ts";
import { ofType, type Template } from "../../src/local/host/template.ts";
import { arn, firstValues } from "../../src/local/host/values.ts";
import { evaluate, Statement } from "./evaluate.ts";

export const PREFIX = "millwright-dev-";

/** What every name of the template would stand for after a deployment. */
export function resolveDeployed(template: Template): Resolve {
  const values = firstValues(template);
  const resolve = resolver({
    values,
    secrets: { APP_ID: "1", PRIVATE_KEY: "key", WEBHOOK_SECRET: "word" },
    addresses: new Map(),
  });
  for (const { id, properties } of ofType(template, "AWS::S3::Bucket")) {
    const name = String(resolve(properties["BucketName"] ?? id.toLowerCase()));
    values.set(id, name).set(`${id}.Arn`, `arn:aws:s3:::${name}`);
    values.set(`${id}.RegionalDomainName`, `${name}.s3.eu-central-1.amazonaws.com`);
  }
  for (const { id, properties } of ofType(template, "AWS::SQS::Queue")) {
    const name = String(properties["QueueName"]);
    values
      .set(id, `https://sqs.eu-central-1.amazonaws.com/000000000000/${name}`)
      .set(`${id}.Arn`, arn("sqs", name));
  }
  for (const [name, id] of Object.entries(KEYS)) values.set(`${id}.Arn`, arn("kms", `key/${name}`));
  return resolve;
}

const Document = z.looseObject({ Statement: z.array(Statement) });
const Inline = z.object({ Policies: z.array(z.object({ PolicyDocument: Document })).default([]) });
const Attached = z.object({ Roles: z.array(z.string()), PolicyDocument: Document });

/** Everything a role may do, by its name in the template: what is in it and what is attached to it. */
export function statementsOf(template: Template, role: string): readonly Statement[] {
  const resolve = resolveDeployed(template);
  const inline = Inline.parse(resolve(template.Resources[role]?.Properties));
  const attached = ofType(template, "AWS::IAM::Policy")
    .map(({ properties }) => Attached.parse(resolve(properties)))
    .filter(({ Roles }) => Roles.includes(role));
  return [...inline.Policies, ...attached].flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
}

const Guard = z.object({ PolicyDocument: Document });

/** Short names of the table -> ARN, and the policy that guards it. */
function target(template: Template, short: string): { arn: string; guards: readonly Statement[] } {
  const resolve = resolveDeployed(template);
  const guard = (id: string) =>
    Guard.parse(resolve(template.Resources[id]?.Properties)).PolicyDocument.Statement;
  const [kind = "", ...rest] = short.split(":");
  const name = rest.join(":");
  const [bucket = "", ...path] = short.split("/");
  const store = BUCKETS[bucket];
  if (store) {
    const root = String(resolve({ "Fn::GetAtt": [store, "Arn"] }));
    return { arn: short.includes("/") ? `${root}/${path.join("/")}` : root, guards: guard(`${store}Policy`) };
  }
  if (kind === "queue") {
    return { arn: String(resolve({ "Fn::GetAtt": [name, "Arn"] })), guards: guard(`${name}Policy`) };
  }
  const key = KEYS[short];
  if (key) {
    const policy = z.object({ KeyPolicy: Document }).parse(resolve(template.Resources[key]?.Properties));
    return { arn: arn("kms", `key/${short}`), guards: policy.KeyPolicy.Statement };
  }
  if (kind === "project") return { arn: arn("codebuild", `project/${PREFIX}${name}`), guards: [] };
  if (kind === "log") return { arn: arn("logs", `log-group:${name}:log-stream:x`), guards: [] };
  return { arn: short, guards: [] };
}

const KEYS: Readonly<Record<string, string>> = {
  key: "SigningKey",
  "pull-key": "PullSigningKey",
  "attestation-key": "AttestationKey",
};

const BUCKETS: Readonly<Record<string, string>> = {
  state: "StateBucket",
  mirror: "MirrorBucket",
  logs: "LogsBucket",
  tools: "ToolsBucket",
};

export interface Question {
  readonly who: string;
  readonly action: string;
  readonly on: string;
  readonly context?: Readonly<Record<string, string | readonly string[]>> | undefined;
  /** Statements that somebody has added to the policy of what is asked for. */
  readonly added?: readonly Statement[] | undefined;
  /** The VPC endpoint it goes through. */
  readonly via?: string | undefined;
}

/** May this principal do that in this deployment? */
export function may(
  template: Template,
  { who, action, on, context = {}, via, added = [] }: Question,
): "allow" | "deny" {
  const { arn: resource, guards } = target(template, on);
  const isRole = who.endsWith("Role");
  const principal = isRole ? `arn:aws:iam::000000000000:role/${who}` : who;
  const endpoint = via === undefined ? undefined : endpointPolicy(template, via);
  return evaluate(
    {
      identity: isRole ? statementsOf(template, who) : who === "administrator" ? [ALL] : [],
      resource: [...guards, ...added],
      resourceDecides: on in KEYS,
      endpoint,
    },
    {
      principal: who === "administrator" ? "arn:aws:iam::000000000000:role/Administrator" : principal,
      action,
      resource,
      context: { "aws:SecureTransport": "true", "aws:PrincipalArn": principal, ...context },
    },
  );
}

const ALL: Statement = Statement.parse({ Effect: "Allow", Action: "*", Resource: "*" });

const endpointPolicy = (template: Template, id: string) =>
  Guard.parse(resolveDeployed(template)(template.Resources[id]?.Properties)).PolicyDocument.Statement;
