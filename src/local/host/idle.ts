import { setTimeout as pause } from "node:timers/promises";
import { GetQueueAttributesCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { Door } from "./door.ts";

export interface Watched {
  readonly sqs: SQSClient;
  readonly queues: readonly string[];
  readonly doors: readonly Door[];
}

/** Resolves when twice in a row nothing was waiting, hidden, delayed or at work. Dead letters do not count. */
export async function idle(watched: Watched): Promise<void> {
  for (let quiet = 0; quiet < 2;) {
    quiet = (await isQuiet(watched)) ? quiet + 1 : 0;
    await pause(100);
  }
}

async function isQuiet({ sqs, queues, doors }: Watched): Promise<boolean> {
  const waiting = await Promise.all(queues.map((QueueUrl) => messagesIn(sqs, QueueUrl)));
  return waiting.every((messages) => messages === 0) && doors.every((door) => door.busy() === 0);
}

const COUNTS = [
  "ApproximateNumberOfMessages",
  "ApproximateNumberOfMessagesNotVisible",
  "ApproximateNumberOfMessagesDelayed",
] as const;

async function messagesIn(sqs: SQSClient, QueueUrl: string): Promise<number> {
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...COUNTS] }),
  );
  return COUNTS.reduce((sum, name) => sum + Number(Attributes[name] ?? 0), 0);
}
