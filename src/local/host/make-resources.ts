import type { S3Client } from "@aws-sdk/client-s3";
import type { SQSClient } from "@aws-sdk/client-sqs";
import type { Log } from "../../ports.ts";
import { deployer } from "./aws.ts";
import { makeBuckets, uploadTools } from "./buckets.ts";
import { makeKeys } from "./keys.ts";
import { makeProjects } from "./projects.ts";
import { makeQueues } from "./queues.ts";
import { type Resolve, resolver } from "./resolve.ts";
import type { HostOptions } from "./start-host.ts";
import { ofType, ONLY_ON_AWS, resourcesOf, SERVED, type Template } from "./template.ts";
import { firstValues, REGION, textOf } from "./values.ts";

/** Makes what the template says on the embedded services, in an order in which everything named is there. */
export async function makeResources(
  template: Template,
  options: HostOptions,
): Promise<{ sqs: SQSClient; resolve: Resolve }> {
  tellWhatIsLeftOut(template, options.log);
  const aws = deployer(options.endpoints, options.credentials("deployer"));
  const values = firstValues(template);
  const addresses = new Map<string, string>();
  const resolve = resolver({ values, secrets: options.secrets, addresses });
  for (const { id, properties } of ofType(template, "AWS::S3::Bucket")) {
    const name = textOf(resolve(properties["BucketName"]), id.toLowerCase());
    const host = `${name}.s3.${REGION}.amazonaws.com`;
    values.set(id, name).set(`${id}.Arn`, `arn:aws:s3:::${name}`).set(`${id}.RegionalDomainName`, host);
    addresses.set(`https://${host}`, `${options.endpoints.s3}/${name}`);
  }
  const overrule = (): void =>
    Object.entries(options.resolve ?? {}).forEach(([name, value]) => values.set(name, value));
  overrule();
  const queues = ofType(template, "AWS::SQS::Queue");
  await makeQueues(queues, {
    sqs: aws.sqs,
    endpoint: options.endpoints.sqs,
    values,
    resolve,
    visibilityScale: options.visibilityScale ?? 1,
  });
  if (uses(template, "AWS::KMS::Alias")) await makeKeys(template, { kms: aws.kms(), values });
  overrule();
  if (uses(template, "AWS::S3::Bucket"))
    await makeStores(template, { s3: aws.s3(), resolve, tools: options.tools });
  if (uses(template, "AWS::CodeBuild::Project")) {
    await makeProjects(template, { codebuild: aws.codebuild(), resolve });
  }
  return { sqs: aws.sqs, resolve };
}

async function makeStores(
  template: Template,
  { s3, resolve, tools }: { s3: S3Client; resolve: Resolve; tools: string | undefined },
): Promise<void> {
  await makeBuckets(template, { s3, resolve });
  const bucket = template.Outputs["ToolsBucket"]?.Value;
  if (tools !== undefined && bucket !== undefined)
    await uploadTools(tools, { s3, bucket: String(resolve(bucket)) });
}

const uses = (template: Template, type: string): boolean => ofType(template, type).length > 0;

/** A type that is neither served nor known to be AWS's alone is a mistake, not something to leave out. */
function tellWhatIsLeftOut(template: Template, log: Log): void {
  const types = new Set(resourcesOf(template).map(({ type }) => type));
  const strange = [...types].filter((type) => !SERVED.has(type) && !ONLY_ON_AWS.has(type));
  if (strange.length > 0) throw new Error(`The host does not know what to do with ${strange.join(", ")}.`);
  const leftOut = [...types].filter((type) => ONLY_ON_AWS.has(type)).toSorted();
  if (leftOut.length > 0) log("left out on one machine", { types: leftOut });
}
