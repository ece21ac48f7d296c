import { POOLS } from "./pools.ts";
import { allow, arnOf, type Statement, sub } from "./resources.ts";

export const READ = ["s3:GetObject"];
export const WRITE = ["s3:PutObject"];
export const BOTH = ["s3:GetObject", "s3:PutObject"];
export const REMOVE = ["s3:DeleteObject"];

/** Objects of the state bucket, by prefix. */
export const objects = (...prefixes: readonly string[]) =>
  prefixes.map((prefix) => sub(`\${StateBucket.Arn}/${prefix}`));

/**
 * What it takes to move a run: its record by compare-and-swap, markers for what waits, and the end of what is open.
 * Without `s3:ListBucket` S3 answers 403 instead of 404, and a record that is not there could not be told.
 */
export const moves: readonly Statement[] = [
  allow(BOTH, objects("runs/*")),
  allow(WRITE, objects("waiting/*")),
  allow(REMOVE, objects("open/*")),
  allow(["s3:ListBucket"], arnOf("StateBucket")),
];

/** What it takes to hear of a build: its results, its log, and what it is remembered by. */
export const hears = (prefix: string): readonly Statement[] => [
  allow(READ, objects("results/*", "publishers/*", "rebuilds/*")),
  allow(BOTH, objects("built/*", "history/*", "boots/*", "graphs/*", "rebuilds-asked/*")),
  allow(WRITE, sub("${LogsBucket.Arn}/*")),
  allow(["codebuild:BatchGetBuilds"], BUILDS_OF(prefix)),
  logsOfBuilds(prefix),
];

export const sends = (...queues: readonly string[]): Statement =>
  allow(
    ["sqs:SendMessage"],
    queues.map((queue) => arnOf(`${queue}Queue`)),
  );

export const consume = (queue: string): Statement =>
  allow(
    ["sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"],
    arnOf(`${queue}Queue`),
  );

export const logOf = (name: string): Statement =>
  allow(
    ["logs:CreateLogStream", "logs:PutLogEvents"],
    sub(`arn:\${AWS::Partition}:logs:\${AWS::Region}:\${AWS::AccountId}:log-group:/aws/lambda/${name}:*`),
  );

export const projectArn = (name: string) =>
  sub(`arn:\${AWS::Partition}:codebuild:\${AWS::Region}:\${AWS::AccountId}:project/${name}`);

export const BUILDS_OF = (prefix: string) => POOLS.map(({ name }) => projectArn(prefix + name));

export const logsOfBuilds = (prefix: string): Statement =>
  allow(
    ["logs:GetLogEvents"],
    sub(`arn:\${AWS::Partition}:logs:\${AWS::Region}:\${AWS::AccountId}:log-group:/aws/codebuild/${prefix}*`),
  );
