import { createHash } from "node:crypto";
import type { SQSBatchItemFailure, SQSBatchResponse, SQSEvent } from "aws-lambda";
import type { Clock, Digest, Log } from "../ports.ts";

/** Runs a step for every message of the batch; only what failed goes back to the queue. */
export function onQueue<Message>(
  parse: (body: unknown) => Message,
  step: (message: Message) => Promise<void>,
  log: Log,
) {
  return async ({ Records }: SQSEvent): Promise<SQSBatchResponse> => {
    const batchItemFailures: SQSBatchItemFailure[] = [];
    for (const { messageId, body, attributes } of Records) {
      // In a FIFO group nothing may overtake what failed.
      const isHeldBack = batchItemFailures.length > 0 && attributes.MessageGroupId !== undefined;
      const failure = isHeldBack ? "held back" : await failureOf(async () => step(parse(JSON.parse(body))));
      if (failure === undefined) continue;
      if (!isHeldBack) log("failed", { messageId, error: failure });
      batchItemFailures.push({ itemIdentifier: messageId });
    }
    return { batchItemFailures };
  };
}

async function failureOf(work: () => Promise<void>): Promise<string | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
}

export const clock: Clock = () => new Date().toISOString();

export const digest: Digest = (text) => createHash("sha256").update(text).digest("hex");

/** One line of JSON on standard output, which is where Lambda's log is. */
export function logOf(step: string): Log {
  return (message, facts) => {
    process.stdout.write(`${JSON.stringify({ at: clock(), step, message, ...facts })}\n`);
  };
}
