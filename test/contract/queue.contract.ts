import {
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { sqsQueue } from "../../src/platform/aws/queue.ts";

/** Fresh queues for one test: their URLs. The dead letters take what was received twice. */
interface Queues {
  readonly plain: string;
  readonly dead: string;
  readonly fifo: string;
}

export interface Sqs {
  readonly client: SQSClient;
  /** `hidden`: seconds that a received message stays hidden. */
  readonly create: (hidden: number) => Promise<Queues>;
}

const Word = z.strictObject({ v: z.literal(1), say: z.string() });
type Word = z.infer<typeof Word>;

/** What we hold SQS to. Each case cites the sentence of the documentation that promises it. */
export function queueContract(where: string, start: () => Promise<Sqs>, reasonToSkip?: string): void {
  const title = reasonToSkip === undefined ? where : `${where} (skipped, because ${reasonToSkip})`;
  describe.skipIf(reasonToSkip !== undefined)(`a queue on ${title}`, () => {
    let sqs: Sqs;
    beforeAll(async () => {
      sqs = await start();
    });

    const take = async (url: string, wait = 2): Promise<readonly Message[]> => {
      const taken = await sqs.client.send(
        new ReceiveMessageCommand({
          QueueUrl: url,
          MaxNumberOfMessages: 10,
          WaitTimeSeconds: wait,
          MessageSystemAttributeNames: ["All"],
        }),
      );
      return taken.Messages ?? [];
    };
    const drop = (url: string, message: Message) =>
      sqs.client.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: message.ReceiptHandle }));
    const saying = (messages: readonly Message[]) =>
      messages.map(({ Body }) => Word.parse(JSON.parse(Body ?? "")).say);
    const queue = (url: string) => sqsQueue<Word>({ sqs: sqs.client, url });
    const word = (say: string): Word => ({ v: 1, say });

    // SendMessage: "Delivers a message to the specified queue."
    test("a message arrives as it was sent", async () => {
      const { plain } = await sqs.create(30);
      await queue(plain).send(word('grün "€" \n <&>'));
      expect(saying(await take(plain))).toEqual(['grün "€" \n <&>']);
    });

    // Visibility timeout: "To prevent other consumers from processing the message again, Amazon SQS sets a visibility
    // timeout, a period of time during which Amazon SQS prevents all consumers from receiving and processing it."
    test("a message that was taken is hidden, and comes back if nobody deletes it", async () => {
      const { plain } = await sqs.create(1);
      await queue(plain).send(word("again"));
      expect(saying(await take(plain))).toEqual(["again"]);
      expect(await take(plain, 0)).toEqual([]);
      const [back] = await take(plain, 5);
      expect(back?.Attributes?.["ApproximateReceiveCount"]).toBe("2");
    });

    // DeleteMessage: "Deletes the specified message from the specified queue."
    test("a deleted message does not come back", async () => {
      const { plain } = await sqs.create(1);
      await queue(plain).send(word("once"));
      const [message] = await take(plain);
      await drop(plain, message!);
      expect(await take(plain, 2)).toEqual([]);
    });

    // Dead-letter queues: "When the ReceiveCount for a message exceeds the maxReceiveCount for a queue, Amazon SQS moves
    // the message to the dead-letter queue."
    test("a message that was taken too often goes to the dead letters", async () => {
      const { plain, dead } = await sqs.create(1);
      await queue(plain).send(word("poison"));
      expect(await take(plain)).toHaveLength(1);
      expect(await take(plain, 5)).toHaveLength(1);
      await expect
        .poll(async () => [...(await take(plain, 0)), ...(await take(dead, 1))], PATIENCE)
        .toHaveLength(1);
      expect(await take(plain, 1)).toEqual([]);
    });

    // Message group ID: "Messages that belong to the same message group are always processed one by one, in a strict
    // order relative to the message group"; while one is in flight "no other messages from the same group are returned".
    test("a group keeps its order, also behind a message in flight", async () => {
      const { fifo } = await sqs.create(30);
      const said: string[] = [];
      for (const say of ["one", "two", "three"]) await queue(fifo).send(word(say), { group: "g", once: say });
      while (said.length < 3) {
        const batch = await take(fifo);
        expect(await take(fifo, 0)).toEqual([]);
        said.push(...saying(batch));
        for (const message of batch) await drop(fifo, message);
      }
      expect(said).toEqual(["one", "two", "three"]);
    });

    // Message group ID: "to interleave multiple ordered message groups within a single FIFO queue, use MessageGroupId".
    test("a group does not wait for another", async () => {
      const { fifo } = await sqs.create(30);
      await queue(fifo).send(word("slow"), { group: "a", once: "1" });
      expect(saying(await take(fifo))).toEqual(["slow"]);
      await queue(fifo).send(word("quick"), { group: "b", once: "2" });
      expect(saying(await take(fifo))).toEqual(["quick"]);
    });

    // MessageDeduplicationId: "If a message with a particular MessageDeduplicationId is sent successfully, any messages
    // sent with the same MessageDeduplicationId are accepted successfully but aren't delivered during the 5-minute
    // deduplication interval." Also when the first one has been deleted since.
    test("what was sent once is not sent twice, also not after it was deleted", async () => {
      const { fifo } = await sqs.create(30);
      await queue(fifo).send(word("once"), { group: "g", once: "same" });
      const [first] = await take(fifo);
      await drop(fifo, first!);
      await queue(fifo).send(word("twice"), { group: "g", once: "same" });
      expect(await take(fifo, 1)).toEqual([]);
    });

    // MessageGroupId, MessageDeduplicationId: "The maximum length is 128 characters ... can contain alphanumeric
    // characters (a-z, A-Z, 0-9) and punctuation".
    test("a group with a long or foreign name is a group all the same", async () => {
      const { fifo } = await sqs.create(30);
      const group = `branch/größe ${"x".repeat(200)}`;
      await queue(fifo).send(word("one"), { group, once: `${group}#1` });
      await queue(fifo).send(word("two"), { group, once: `${group}#2` });
      expect(await take(fifo)).not.toEqual([]);
    });

    // SendMessage: "A message can include only XML, JSON, and unformatted text ... The maximum size is 1 MiB"; we stay far below.
    test("a message that is too large is refused before it is sent", async () => {
      const { plain } = await sqs.create(30);
      await expect(queue(plain).send(word("x".repeat(100_000)))).rejects.toThrow(/too large/);
      expect(await take(plain, 0)).toEqual([]);
    });

    // MessageGroupId: "MessageGroupId is required for FIFO queues. You can't use it for Standard queues" (but for fairness).
    test("a FIFO queue asks for a group, and no other queue takes one", async () => {
      const { plain, fifo } = await sqs.create(30);
      await expect(queue(fifo).send(word("lost"))).rejects.toThrow(/FIFO/);
      await expect(queue(plain).send(word("lost"), { group: "g", once: "1" })).rejects.toThrow(/FIFO/);
    });
  });
}

const PATIENCE = { timeout: 10_000, interval: 200 };
