import { createHash } from "node:crypto";
import { SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { Queue } from "../../ports.ts";

/** Bytes of a message. SQS takes four times as much, but a message is a word, and a batch of ten must fit as well. */
const LIMIT = 98_304;

/** A queue on SQS; messages travel as JSON. `url` ends in `.fifo` for a queue that keeps order. */
export function sqsQueue<Message>({
  sqs,
  url,
}: {
  readonly sqs: SQSClient;
  readonly url: string;
}): Queue<Message> {
  return {
    async send(message, fifo) {
      const body = JSON.stringify(message);
      const bytes = Buffer.byteLength(body);
      if (bytes > LIMIT)
        throw new Error(`A message of ${bytes} bytes is too large; put it into S3 and send its key.`);
      if (url.endsWith(".fifo") !== (fifo !== undefined)) {
        throw new Error(`Name a group and what is sent once for a FIFO queue, and only for one: ${url}`);
      }
      await sqs.send(
        new SendMessageCommand({
          QueueUrl: url,
          MessageBody: body,
          ...(fifo && { MessageGroupId: name(fifo.group), MessageDeduplicationId: name(fifo.once) }),
        }),
      );
    },
  };
}

/** SQS takes at most 128 letters, digits and marks of ASCII; what is longer or stranger goes by its digest. */
const name = (text: string): string =>
  /^[!-~]{1,128}$/.test(text) ? text : createHash("sha256").update(text).digest("hex");
