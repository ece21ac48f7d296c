import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { type FauxqsServer, startFauxqs } from "fauxqs";
import { afterAll } from "vitest";
import { sqsClient } from "../../src/platform/aws/clients.ts";
import { queueContract, type Sqs } from "./queue.contract.ts";

const ends: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  for (const end of ends.toReversed()) await end();
});

queueContract("the embedded SQS", async () => {
  const dir = await mkdtemp(path.join(tmpdir(), "queue-"));
  const server: FauxqsServer = await startFauxqs({ port: 0, logger: false, dataDir: dir });
  ends.push(
    () => rm(dir, { recursive: true, force: true }),
    () => server.stop(),
  );
  const client = new SQSClient({
    region: "eu-central-1",
    endpoint: `http://127.0.0.1:${server.port}`,
    credentials: { accessKeyId: "x", secretAccessKey: "y" },
  });
  return creating(client);
});

const onAws = process.env["MILLWRIGHT_CONTRACTS_ON_AWS"] !== undefined;
queueContract(
  "AWS",
  async () => creating(sqsClient()),
  onAws ? undefined : "MILLWRIGHT_CONTRACTS_ON_AWS is not set",
);

function creating(client: SQSClient): Sqs {
  const make = async (QueueName: string, Attributes: Record<string, string>) => {
    const { QueueUrl } = await client.send(new CreateQueueCommand({ QueueName, Attributes }));
    ends.push(() => client.send(new DeleteQueueCommand({ QueueUrl })));
    return QueueUrl!;
  };
  return {
    client,
    create: async (hidden) => {
      const name = `millwright-contract-${randomUUID()}`;
      const dead = await make(`${name}-dead`, {});
      const { Attributes } = await client.send(
        new GetQueueAttributesCommand({ QueueUrl: dead, AttributeNames: ["QueueArn"] }),
      );
      const redrive = JSON.stringify({ deadLetterTargetArn: Attributes?.["QueueArn"], maxReceiveCount: 2 });
      const time = { VisibilityTimeout: String(hidden) };
      return {
        dead,
        plain: await make(name, { ...time, RedrivePolicy: redrive }),
        fifo: await make(`${name}.fifo`, { ...time, FifoQueue: "true", ContentBasedDeduplication: "false" }),
      };
    },
  };
}
