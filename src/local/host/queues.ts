import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  SetQueueAttributesCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import type { Resolve } from "./resolve.ts";
import type { Resource } from "./template.ts";
import { textOf, type Values } from "./values.ts";

export interface QueueMaking {
  readonly sqs: SQSClient;
  /** Where SQS answers now; it remembers queues by where it was when they were made. */
  readonly endpoint: string;
  readonly values: Values;
  readonly resolve: Resolve;
  /** Visibility timeouts are multiplied by it, to whole seconds and at least one. */
  readonly visibilityScale: number;
}

/** Makes the queues, or finds those of an earlier start; dead letters first, since the others name them. */
export async function makeQueues(queues: readonly Resource[], making: QueueMaking): Promise<void> {
  const redriven = (queue: Resource) => Number("RedrivePolicy" in queue.properties);
  for (const queue of queues.toSorted((a, b) => redriven(a) - redriven(b))) await makeQueue(queue, making);
}

async function makeQueue({ id, properties }: Resource, making: QueueMaking): Promise<void> {
  const { sqs, values, resolve } = making;
  const name = textOf(properties["QueueName"], id);
  const fifo = properties["FifoQueue"] === true ? { FifoQueue: "true" } : {};
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes: fifo }));
  const Attributes = attributesOf(properties, making.visibilityScale, resolve);
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes }));
  const told = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["QueueArn"] }));
  values.set(id, `${making.endpoint}${new URL(QueueUrl ?? "").pathname}`);
  values.set(`${id}.Arn`, told.Attributes?.["QueueArn"] ?? "");
  values.set(`${id}.QueueName`, name);
}

const TAKEN = ["ContentBasedDeduplication", "DelaySeconds", "MessageRetentionPeriod"];

function attributesOf(
  properties: Resource["properties"],
  scale: number,
  resolve: Resolve,
): Record<string, string> {
  const plain = TAKEN.filter((name) => name in properties).map((name) => [name, String(properties[name])]);
  const hidden = Math.max(1, Math.ceil(Number(properties["VisibilityTimeout"] ?? 30) * scale));
  const redrive = properties["RedrivePolicy"];
  return {
    ...Object.fromEntries(plain),
    VisibilityTimeout: String(hidden),
    ...(redrive === undefined ? {} : { RedrivePolicy: JSON.stringify(resolve(redrive)) }),
  };
}
