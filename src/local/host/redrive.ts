import {
  DeleteMessageCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { z } from "zod";
import type { Resolve } from "./resolve.ts";
import type { Template } from "./template.ts";

interface Redriving {
  readonly sqs: SQSClient;
  /** Address of the dead letters, and of the queue they fell out of. */
  readonly from: string;
  readonly to: string;
}

const Redriven = z.object({ RedrivePolicy: z.object({ deadLetterTargetArn: z.unknown() }) });

/** The same for a queue by its name in the template. */
export async function redriveQueue(
  template: Template,
  { sqs, resolve, queue }: { sqs: SQSClient; resolve: Resolve; queue: string },
): Promise<number> {
  const { RedrivePolicy } = Redriven.parse(template.Resources[queue]?.Properties);
  const name = String(resolve(RedrivePolicy.deadLetterTargetArn)).split(":").at(-1);
  const { QueueUrl: from = "" } = await sqs.send(new GetQueueUrlCommand({ QueueName: name }));
  return await redrive({ sqs, from, to: String(resolve({ Ref: queue })) });
}

/** Moves dead letters back to their queue, oldest first, and says how many. Sent before deleted: twice rather than lost. */
async function redrive({ sqs, from, to }: Redriving): Promise<number> {
  let moved = 0;
  for (;;) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: from,
        MaxNumberOfMessages: 10,
        WaitTimeSeconds: 0,
        MessageSystemAttributeNames: ["MessageGroupId", "MessageDeduplicationId"],
      }),
    );
    if (Messages.length === 0) return moved;
    for (const { Body, ReceiptHandle, MessageId, Attributes } of Messages) {
      const group = Attributes?.["MessageGroupId"];
      // A new name: under its old one the queue would take it for a repetition.
      const fifo = to.endsWith(".fifo")
        ? {
            MessageGroupId: group ?? "redriven",
            MessageDeduplicationId: `redriven-${MessageId}-${Date.now()}`,
          }
        : {};
      await sqs.send(new SendMessageCommand({ QueueUrl: to, MessageBody: Body, ...fifo }));
      await sqs.send(new DeleteMessageCommand({ QueueUrl: from, ReceiptHandle }));
      moved += 1;
    }
  }
}
