import { POOLS } from "./pools.ts";
import { allow, arnOf, type Statement, sub } from "./resources.ts";

/** Where the records of runs are kept: written by compare-and-swap through one function, called from several doors. */
export const CONTROL = ["runs/*", "open/*", "waiting/*", "heads/*", "acks/*"];

export const objects = (...prefixes: readonly string[]) =>
  prefixes.map((prefix) => sub(`\${StateBucket.Arn}/${prefix}`));

/** Without it S3 answers 403 instead of 404 for what is not there, and a record that is absent could not be told. */
export const lists: Statement = allow(["s3:ListBucket"], arnOf("StateBucket"));

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
