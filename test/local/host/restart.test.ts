import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { ReceiveMessageCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import { makeQueues } from "../../../src/local/host/queues.ts";
import { resolver } from "../../../src/local/host/resolve.ts";
import { startSqs } from "../../../src/local/host/sqs-server.ts";

const WORK = {
  id: "Work",
  type: "AWS::SQS::Queue",
  properties: { QueueName: "work", VisibilityTimeout: 30 },
};

/** Starts SQS in a directory, makes the queue, and says where it is. */
async function start(dir: string) {
  const server = await startSqs({ dir, port: 0 });
  const sqs = new SQSClient({
    region: "eu-central-1",
    endpoint: server.url,
    credentials: { accessKeyId: "x", secretAccessKey: "y" },
  });
  const values = new Map<string, string>();
  const resolve = resolver({ values, secrets: {}, addresses: new Map() });
  await makeQueues([WORK], { sqs, endpoint: server.url, values, resolve, visibilityScale: 1 });
  return { server, sqs, url: values.get("Work") ?? "" };
}

test("a queue and its messages are found again where SQS is now", async () => {
  const dir = await mkdtemp(path.join(tmpdir(), "sqs-"));
  const before = await start(dir);
  await before.sqs.send(new SendMessageCommand({ QueueUrl: before.url, MessageBody: "kept" }));
  await before.server.close();
  const after = await start(dir);
  expect(after.url.startsWith(after.server.url)).toBe(true);
  const { Messages } = await after.sqs.send(new ReceiveMessageCommand({ QueueUrl: after.url }));
  expect(Messages?.map(({ Body }) => Body)).toEqual(["kept"]);
  await after.server.close();
  await rm(dir, { recursive: true });
});

test("a message that somebody held when SQS ended is there for others at once", async () => {
  const dir = await mkdtemp(path.join(tmpdir(), "sqs-"));
  const before = await start(dir);
  await before.sqs.send(new SendMessageCommand({ QueueUrl: before.url, MessageBody: "held" }));
  const held = await before.sqs.send(new ReceiveMessageCommand({ QueueUrl: before.url }));
  expect(held.Messages).toHaveLength(1);
  await before.server.close();
  const after = await start(dir);
  const { Messages } = await after.sqs.send(new ReceiveMessageCommand({ QueueUrl: after.url }));
  expect(Messages?.map(({ Body }) => Body)).toEqual(["held"]);
  await after.server.close();
  await rm(dir, { recursive: true });
});

test("a door's process ends when its host is gone, however it went", async () => {
  const runner = path.resolve(import.meta.dirname, "../../../src/local/host/runner.ts");
  const child = fork(runner, ["/nowhere.mjs", "handler", "door"], { execArgv: [] });
  child.send({ id: "1", event: {}, until: Date.now() + 1000 });
  const [answer] = await once(child, "message");
  expect(answer).toMatchObject({ id: "1", ok: false, error: expect.stringContaining("nowhere.mjs") });
  child.disconnect();
  expect(await once(child, "exit")).toEqual([0, null]);
});
