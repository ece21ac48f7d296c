import { randomUUID } from "node:crypto";
import {
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import {
  GetObjectCommand,
  NoSuchKey,
  paginateListObjectsV2,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { Verdict, verdictKey } from "../../src/bot/messages.ts";
import type { Stack } from "../../src/local/stack.ts";
import { Run, runKey } from "../../src/pipelines/run.ts";

export type State = ReturnType<typeof openState>;
type Bucket = "StateBucket" | "MirrorBucket" | "LogsBucket";

/** What is written down behind the doors, as who deploys may see it. */
export function openState(stack: Stack) {
  const at = (endpoint: string) => ({ region: "eu-central-1", credentials: stack.credentials, endpoint });
  const s3 = new S3Client({ ...at(stack.endpoints.s3), forcePathStyle: true });
  const sqs = new SQSClient(at(stack.endpoints.sqs));
  const named = (bucket: Bucket) => String(stack.host.resolve({ Ref: bucket }));

  async function text(bucket: Bucket, Key: string): Promise<string | undefined> {
    try {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: named(bucket), Key }));
      return await Body?.transformToString();
    } catch (error) {
      if (error instanceof NoSuchKey) return undefined;
      throw error;
    }
  }

  async function keys(bucket: Bucket, Prefix: string): Promise<readonly string[]> {
    const found: string[] = [];
    for await (const { Contents = [] } of paginateListObjectsV2(
      { client: s3 },
      { Bucket: named(bucket), Prefix },
    ))
      found.push(...Contents.flatMap(({ Key }) => (Key === undefined ? [] : [Key])));
    return found;
  }

  return {
    text,
    keys,
    async put(Key: string, Body: string): Promise<void> {
      await s3.send(new PutObjectCommand({ Bucket: named("StateBucket"), Key, Body }));
    },
    async run(id: string): Promise<Run | undefined> {
      const record = await text("StateBucket", runKey(id));
      return record === undefined ? undefined : Run.parse(JSON.parse(record));
    },
    /** Why a delivery led to what it led to; undefined while nobody has decided. */
    async verdict(guid: string): Promise<Verdict["verdicts"][number] | undefined> {
      const note = await text("StateBucket", verdictKey(guid));
      return note === undefined ? undefined : Verdict.parse(JSON.parse(note)).verdicts[0];
    },
    /** How many dead letters there are, of all queues. */
    async deadLetters(): Promise<number> {
      const names = ["Events", "Stages", "Builds", "Reports", "Mails"].map(
        (queue) => `${queue}DeadLetters.QueueName`,
      );
      const counts = names.map(async (name) => {
        const QueueName = String(stack.host.resolve({ "Fn::GetAtt": name.split(".") }));
        const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName }));
        const AttributeNames = ["ApproximateNumberOfMessages" as const];
        const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames }));
        return Number(Attributes?.["ApproximateNumberOfMessages"]);
      });
      return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
    },
    async send(queue: string, body: string, group?: string): Promise<void> {
      const QueueUrl = String(stack.host.resolve({ Ref: queue }));
      const fifo = group && { MessageGroupId: group, MessageDeduplicationId: randomUUID() };
      await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: body, ...fifo }));
    },
  };
}
