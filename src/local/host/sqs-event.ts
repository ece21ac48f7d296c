import type { Message } from "@aws-sdk/client-sqs";
import { z } from "zod";
import { REGION } from "./values.ts";

/** What Lambda hands to a door for a batch of messages. */
export const sqsEvent = (batch: readonly Message[], queueArn: string) => ({
  Records: batch.map((message) => ({
    messageId: message.MessageId,
    receiptHandle: message.ReceiptHandle,
    body: message.Body,
    attributes: message.Attributes ?? {},
    messageAttributes: {},
    md5OfBody: message.MD5OfBody,
    eventSource: "aws:sqs",
    eventSourceARN: queueArn,
    awsRegion: REGION,
  })),
});

const Reported = z.object({
  batchItemFailures: z.array(z.object({ itemIdentifier: z.string() })).nullish(),
});

/**
 * The ids that a door reports as failed. Lambda takes an empty answer for success, and an answer that names a message
 * which is not in the batch, or that it cannot read, for the failure of all.
 */
export function failedOf(answer: unknown, all: ReadonlySet<string>): ReadonlySet<string> {
  if (answer === null || answer === undefined) return new Set();
  const reported = Reported.safeParse(answer);
  if (!reported.success) return all;
  const failed = (reported.data.batchItemFailures ?? []).map(({ itemIdentifier }) => itemIdentifier);
  return failed.every((id) => all.has(id)) ? new Set(failed) : all;
}
