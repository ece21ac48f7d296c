import { ListObjectVersionsCommand, S3Client } from "@aws-sdk/client-s3";
import { DeleteMessageBatchCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { Answered } from "./burst-shots.ts";
import type { Ready } from "./burst-stack.ts";

const PREFIX = "deliveries/";

/** What is wrong after the burst: answers, losses, doubles. */
export async function check(
  ready: Ready,
  secretAccessKey: string,
  answered: readonly Answered[],
): Promise<readonly string[]> {
  const client = {
    region: "eu-central-1",
    credentials: { accessKeyId: "deployer", secretAccessKey },
  };
  const s3 = new S3Client({ ...client, endpoint: ready.s3, forcePathStyle: true });
  const sqs = new SQSClient({ ...client, endpoint: ready.sqs });
  const ledger = await listed(s3, ready.bucket);
  const queued = await drained(sqs, ready.queueUrl);
  return faults(answered, ledger, queued);
}

function faults(
  answered: readonly Answered[],
  ledger: readonly string[],
  queued: readonly string[],
): string[] {
  const [stored, sent] = [new Set(ledger), new Set(queued)];
  const genuine = answered.filter(({ kind }) => kind !== "forged");
  const accepted = new Set(genuine.filter(({ status }) => status === 202).map(({ guid }) => guid));
  const forged = answered.filter(({ kind }) => kind === "forged");
  const count = (what: string, { length }: readonly unknown[]): string[] =>
    length === 0 ? [] : [`${length} ${what}`];
  return [
    ...count(
      "genuine webhooks were not accepted",
      genuine.filter(({ status }) => status !== 202),
    ),
    ...count(
      "forged webhooks were not refused",
      forged.filter(({ status }) => status !== 401),
    ),
    ...count("accepted webhooks are not in the ledger", without(accepted, stored)),
    ...count("accepted webhooks are not in the queue", without(accepted, sent)),
    ...count("webhooks are in the ledger and were not accepted", without(stored, accepted)),
    ...count("webhooks are in the queue and were not accepted", without(sent, accepted)),
    ...count("objects of the ledger were written twice", ledger.slice(stored.size)),
  ];
}

const without = (some: ReadonlySet<string>, others: ReadonlySet<string>): string[] =>
  [...some].filter((one) => !others.has(one));

/** The GUID of every version of every object in the ledger: one that was written twice is there twice. */
async function listed(s3: S3Client, Bucket: string): Promise<readonly string[]> {
  const guids: string[] = [];
  let at: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } = {};
  for (;;) {
    const page = await s3.send(new ListObjectVersionsCommand({ Bucket, Prefix: PREFIX, ...at }));
    guids.push(...(page.Versions ?? []).map(({ Key = "" }) => Key.slice(PREFIX.length)));
    if (!page.IsTruncated) return guids;
    at = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker };
  }
}

/** The GUIDs of all messages. */
async function drained(sqs: SQSClient, QueueUrl: string): Promise<readonly string[]> {
  const guids: string[] = [];
  const drain = async () => {
    for (;;) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
      );
      if (Messages.length === 0) return;
      guids.push(...Messages.map(({ Body = "{}" }) => (JSON.parse(Body) as { delivery: string }).delivery));
      const Entries = Messages.map(({ ReceiptHandle }, id) => ({ Id: String(id), ReceiptHandle }));
      await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
    }
  };
  await Promise.all(Array.from({ length: 8 }, drain));
  return guids;
}
