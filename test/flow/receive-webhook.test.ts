import { createHmac } from "node:crypto";
import { expect, test } from "vitest";
import type { EventsMessage } from "../../src/bot/messages.ts";
import { StoredDelivery } from "../../src/bot/messages.ts";
import { type Call, type DoorPorts, receiveWebhook } from "../../src/flow/receive-webhook.ts";
import { memoryBlobs, memoryQueue } from "./memory.ts";

const AT = "2026-11-21T10:00:00.000Z";
const GUID = "72d3162e-cc78-11e3-81ab-4c9367dc0958";

const signature = (body: string, secret = "open sesame") =>
  `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;

function door(broken: Partial<DoorPorts> = {}) {
  const ledger = memoryBlobs();
  const events = memoryQueue<EventsMessage>();
  const ports: DoorPorts = {
    isSigned: (body, signed) => signed === signature(new TextDecoder().decode(body)),
    ledger,
    events,
    clock: () => AT,
  };
  const stored = (key: string): unknown => {
    const bytes = ledger.all.get(key);
    return bytes && JSON.parse(new TextDecoder().decode(bytes));
  };
  return {
    receive: receiveWebhook({ ...ports, ...broken }),
    mended: receiveWebhook(ports),
    keys: () => [...ledger.all.keys()],
    stored,
    sent: events.sent,
    ledger,
  };
}

/** A delivery as GitHub sends it, with other headers if told. */
function call(body: string, headers: Call["headers"] = {}): Call {
  const usual = {
    "content-type": "application/json",
    "x-github-delivery": GUID,
    "x-github-event": "pull_request",
    "x-hub-signature-256": signature(body),
  };
  return { headers: { ...usual, ...headers }, body: new TextEncoder().encode(body) };
}

test("a signed delivery is in the ledger, word for word, before its id is sent on", async () => {
  const { receive, stored, sent } = door();
  const body = '{"action":"opened","title":"grüße"}';

  expect(await receive(call(body))).toEqual({ statusCode: 202, body: "accepted" });

  const written = { v: 1, guid: GUID, event: "pull_request", at: AT, body };
  expect(StoredDelivery.parse(stored(`deliveries/${GUID}`))).toEqual(written);
  expect(sent).toEqual([{ v: 1, delivery: GUID }]);
});

test("nothing is sent while the ledger is away", async () => {
  const away = { create: () => Promise.reject(new Error("S3 is away")) };
  const { receive, sent } = door({ ledger: away });

  await expect(receive(call("{}"))).rejects.toThrow("S3 is away");

  expect(sent).toEqual([]);
});

test("a forged delivery is refused, noted without its content, and sent nowhere", async () => {
  const { receive, keys, stored, sent } = door();
  const forged = call('{"evil":"plan"}', { "x-hub-signature-256": signature('{"evil":"plan"}', "a guess") });

  expect((await receive(forged)).statusCode).toBe(401);

  expect(keys()).toEqual([`refused/${GUID}`]);
  expect(JSON.stringify(stored(`refused/${GUID}`))).not.toContain("plan");
  expect(sent).toEqual([]);
});

test("a delivery without a signature is refused as a forged one", async () => {
  const { receive, sent } = door();
  expect((await receive(call("{}", { "x-hub-signature-256": undefined }))).statusCode).toBe(401);
  expect(sent).toEqual([]);
});

test("a forger who knows a GUID does not take the place of the real delivery", async () => {
  const { receive, stored, sent } = door();
  await receive(call('{"by":"a forger"}', { "x-hub-signature-256": "sha256=00" }));

  expect((await receive(call('{"by":"GitHub"}'))).statusCode).toBe(202);

  expect(stored(`deliveries/${GUID}`)).toMatchObject({ body: '{"by":"GitHub"}' });
  expect(sent).toHaveLength(1);
});

test("more than GitHub ever sends is refused, whoever signed it", async () => {
  const { receive, keys, sent } = door({ isSigned: () => true });
  const body = new Uint8Array(25 * 1024 * 1024 + 1);

  expect((await receive({ ...call("{}"), body })).statusCode).toBe(413);

  expect(keys()).toEqual([`refused/${GUID}`]);
  expect(sent).toEqual([]);
});

test("a delivery that comes twice is stored once and sent twice", async () => {
  const { receive, stored, sent } = door();
  const answers = [await receive(call('{"n":1}')), await receive(call('{"n":1}'))];

  expect(answers.map(({ statusCode }) => statusCode)).toEqual([202, 202]);
  expect(stored(`deliveries/${GUID}`)).toMatchObject({ body: '{"n":1}' });
  expect(sent).toEqual([
    { v: 1, delivery: GUID },
    { v: 1, delivery: GUID },
  ]);
});

test("what is in the ledger stays as it was when its GUID comes with another content", async () => {
  const { receive, stored } = door();
  await receive(call('{"n":1}'));
  await receive(call('{"n":2}'));
  expect(stored(`deliveries/${GUID}`)).toMatchObject({ body: '{"n":1}' });
});

test("a queue that is down after the ledger's write fails the call, and the redelivery heals", async () => {
  const { receive, mended, keys, sent } = door({
    events: { send: () => Promise.reject(new Error("SQS is away")) },
  });
  await expect(receive(call("{}"))).rejects.toThrow("SQS is away");
  expect(keys()).toEqual([`deliveries/${GUID}`]);
  expect(sent).toEqual([]);

  expect((await mended(call("{}"))).statusCode).toBe(202);

  expect(sent).toEqual([{ v: 1, delivery: GUID }]);
});

const BAD_WORDS = ["", "../runs/1", "a/b", "a b", "a%2fb", "ä", "a\n", ".", "x".repeat(65), undefined];

test.each(BAD_WORDS)("the GUID %j never becomes a key", async (guid) => {
  const { receive, keys, sent } = door();
  expect((await receive(call("{}", { "x-github-delivery": guid }))).statusCode).toBe(400);
  expect(keys()).toEqual([]);
  expect(sent).toEqual([]);
});

test.each(BAD_WORDS)("the event %j is no event of GitHub's", async (event) => {
  const { receive, keys } = door();
  expect((await receive(call("{}", { "x-github-event": event }))).statusCode).toBe(400);
  expect(keys()).toEqual([]);
});

test("a webhook set to form encoding is refused with what to change", async () => {
  const { receive, keys, sent } = door();
  const answer = await receive(
    call("payload=%7B%7D", { "content-type": "application/x-www-form-urlencoded" }),
  );

  expect(answer).toEqual({ statusCode: 415, body: "set the webhook's content type to application/json" });
  expect(keys()).toEqual([`refused/${GUID}`]);
  expect(sent).toEqual([]);
});
