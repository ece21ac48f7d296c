import {
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import type { Log } from "../../ports.ts";
import type { Door } from "./door.ts";
import { failedOf, sqsEvent } from "./sqs-event.ts";

export interface MappingOptions {
  readonly sqs: SQSClient;
  readonly queueUrl: string;
  readonly queueArn: string;
  readonly door: Door;
  readonly batchSize: number;
  readonly windowSeconds: number;
  /** Batches that are handled at the same time. */
  readonly atOnce: number;
  /** Does the door report which messages of a batch failed (ReportBatchItemFailures)? */
  readonly reports: boolean;
  readonly log: Log;
}

/** An event source mapping: takes messages, hands them to a door in batches, deletes what it did not fail. */
export interface Mapping {
  readonly queueUrl: string;
  close(): Promise<void>;
}

export function serveMapping(options: MappingOptions): Mapping {
  const state = { open: true };
  const running = new Set<Promise<void>>();

  async function serve(): Promise<void> {
    while (state.open) {
      const batch = await collect(options).catch(async (error: unknown) => {
        options.log("a queue cannot be read", { door: options.door.name, error: String(error) });
        await pause(1);
        return [];
      });
      if (batch.length === 0) continue;
      const work = handle(batch, options).finally(() => running.delete(work));
      running.add(work);
      if (running.size >= options.atOnce) await Promise.race(running);
    }
    await Promise.all(running);
  }

  const served = serve();
  return {
    queueUrl: options.queueUrl,
    close: async () => {
      state.open = false;
      await served;
    },
  };
}

/** Waits for a first message, then as long as the window says for more. */
async function collect(options: MappingOptions): Promise<readonly Message[]> {
  const batch = await receive(options, { most: options.batchSize, seconds: 1 });
  const until = Date.now() + options.windowSeconds * 1000;
  while (batch.length > 0 && batch.length < options.batchSize && Date.now() < until) {
    batch.push(...(await receive(options, { most: options.batchSize - batch.length, seconds: 0 })));
    await pause(0.1);
  }
  return batch;
}

async function receive(
  { sqs, queueUrl }: MappingOptions,
  { most, seconds }: { most: number; seconds: number },
): Promise<Message[]> {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: queueUrl,
      MaxNumberOfMessages: Math.min(10, most),
      WaitTimeSeconds: seconds,
      MessageSystemAttributeNames: ["All"],
      MessageAttributeNames: ["All"],
    }),
  );
  return Messages;
}

/** What failed is left alone: its visibility ends, it comes back, and in the end it is a dead letter. */
async function handle(batch: readonly Message[], options: MappingOptions): Promise<void> {
  const failed = await invoke(batch, options);
  const done = batch.filter(({ MessageId }) => !failed.has(MessageId ?? ""));
  for (let start = 0; start < done.length; start += 10) {
    const Entries = done.slice(start, start + 10).map(({ MessageId, ReceiptHandle }) => ({
      Id: MessageId,
      ReceiptHandle,
    }));
    await options.sqs
      .send(new DeleteMessageBatchCommand({ QueueUrl: options.queueUrl, Entries }))
      .catch((error: unknown) => options.log("messages cannot be deleted", { error: String(error) }));
  }
}

async function invoke(batch: readonly Message[], options: MappingOptions): Promise<ReadonlySet<string>> {
  const all = new Set(batch.map(({ MessageId }) => MessageId ?? ""));
  try {
    const answer = await options.door.invoke(sqsEvent(batch, options.queueArn));
    return options.reports ? failedOf(answer, all) : new Set();
  } catch (error) {
    options.log("a door failed", { door: options.door.name, messages: batch.length, error: String(error) });
    return all;
  }
}

const pause = (seconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, seconds * 1000));
