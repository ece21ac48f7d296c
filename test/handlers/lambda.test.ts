import type { SQSEvent, SQSRecord } from "aws-lambda";
import { expect, test } from "vitest";
import { z } from "zod";
import { readEnv } from "../../src/handlers/environment.ts";
import { onQueue } from "../../src/handlers/lambda.ts";

/** Messages with the ids m0, m1 …, in a FIFO group where one is named. */
function batch(bodies: readonly string[], group?: string): SQSEvent {
  const attributes = {
    ApproximateReceiveCount: "1",
    SentTimestamp: "0",
    SenderId: "s",
    ApproximateFirstReceiveTimestamp: "0",
    ...(group !== undefined && { MessageGroupId: group }),
  };
  const Records = bodies.map((body, i): SQSRecord => ({
    messageId: `m${i}`,
    receiptHandle: "r",
    body,
    attributes,
    messageAttributes: {},
    md5OfBody: "",
    eventSource: "aws:sqs",
    eventSourceARN: "arn:aws:sqs:eu-central-1:000000000000:work",
    awsRegion: "eu-central-1",
  }));
  return { Records };
}

const Work = z.strictObject({ n: z.int() });

/** A door whose step fails for the numbers in `bad`. */
function door(bad: readonly number[] = []) {
  const done: number[] = [];
  const logged: Readonly<Record<string, unknown>>[] = [];
  const step = async ({ n }: { n: number }) => {
    if (bad.includes(n)) throw new Error(`cannot stomach ${n}`);
    done.push(n);
  };
  const handler = onQueue(
    (body) => Work.parse(body),
    step,
    (message, facts) => logged.push({ message, ...facts }),
  );
  const failed = async (event: SQSEvent) =>
    (await handler(event)).batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
  return { failed, done, logged };
}

const numbers = (...all: readonly number[]) => all.map((n) => JSON.stringify({ n }));

test("a batch that went well gives nothing back to the queue", async () => {
  const { failed, done } = door();
  expect(await failed(batch(numbers(1, 2, 3)))).toEqual([]);
  expect(done).toEqual([1, 2, 3]);
});

test("only the message that failed goes back; those after it are done", async () => {
  const { failed, done, logged } = door([2]);
  expect(await failed(batch(numbers(1, 2, 3)))).toEqual(["m1"]);
  expect(done).toEqual([1, 3]);
  expect(logged).toEqual([
    { message: "failed", messageId: "m1", error: expect.stringContaining("cannot stomach 2") },
  ]);
});

test("in a FIFO group nothing overtakes what failed", async () => {
  const { failed, done, logged } = door([2]);
  expect(await failed(batch(numbers(1, 2, 3, 4), "pool"))).toEqual(["m1", "m2", "m3"]);
  expect(done).toEqual([1]);
  // What was only held back did not fail.
  expect(logged.map(({ messageId }) => messageId)).toEqual(["m1"]);
});

test.each(["not JSON", '{"n":"a word"}', '{"n":1,"m":2}', "null", ""])(
  "the poison %j goes back alone and never reaches the step",
  async (poison) => {
    const { failed, done } = door();
    expect(await failed(batch([...numbers(1), poison, ...numbers(3)]))).toEqual(["m1"]);
    expect(done).toEqual([1, 3]);
  },
);

test("a step that throws something that is no error is a failure like any other", async () => {
  const thrown: unknown[] = [];
  const handler = onQueue(
    (body) => body,
    () => Promise.reject("a word"),
    (_message, { error }) => thrown.push(error),
  );
  expect(await handler(batch(["1"]))).toEqual({ batchItemFailures: [{ itemIdentifier: "m0" }] });
  expect(thrown).toEqual(["a word"]);
});

test("all names that a door's environment lacks are told at once, also those that are empty", () => {
  expect(() => readEnv({ B: "b", C: "" }, ["A", "B", "C"])).toThrow("not set: A, C");
});

test("a door gets what it names of the environment and nothing else", () => {
  expect(readEnv({ A: "a", B: "b" }, ["A"])).toEqual({ A: "a" });
});
