import { createHmac } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { handler as Handler } from "../../src/handlers/receive-webhook.ts";

/** S3 and SQS as the door sees them, on one port: what they took, and what they answer next. */
const aws = { objects: new Map<string, string>(), sent: [] as unknown[], faults: new Map<string, number>() };

async function answer(request: IncomingMessage): Promise<number> {
  const { method = "", url = "" } = request;
  const text = (await request.toArray()).join("");
  const fault = aws.faults.get(method);
  if (fault !== undefined) return fault;
  if (method === "POST") aws.sent.push(JSON.parse(JSON.parse(text).MessageBody));
  if (method !== "PUT") return 200;
  if (aws.objects.has(url) && request.headers["if-none-match"] === "*") return 412;
  aws.objects.set(url, text);
  return 200;
}

let server: Server;
let handler: typeof Handler;

beforeAll(async () => {
  server = createServer((request, response) => {
    void answer(request).then((status) => response.writeHead(status).end());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  const url = `http://127.0.0.1:${port}`;
  Object.assign(process.env, {
    DELIVERIES_BUCKET: "state",
    EVENTS_QUEUE_URL: `${url}/000000000000/events`,
    WEBHOOK_SECRET: "the new one,the old one,",
    AWS_REGION: "eu-central-1",
    AWS_ACCESS_KEY_ID: "AKIDEXAMPLE",
    AWS_SECRET_ACCESS_KEY: "secret",
    AWS_ENDPOINT_URL_S3: url,
    AWS_ENDPOINT_URL_SQS: url,
  });
  ({ handler } = await import("../../src/handlers/receive-webhook.ts"));
});

afterAll(async () => {
  server.close();
  server.closeAllConnections();
  await once(server, "close");
});

beforeEach(() => {
  aws.objects.clear();
  aws.sent.length = 0;
  aws.faults.clear();
});

/** Hands the door a delivery as a Function URL does. */
async function deliver(secret: string, { guid = "g", base64 = false } = {}) {
  const body = '{"n":"ü"}';
  const headers = {
    "content-type": "application/json",
    "x-github-delivery": guid,
    "x-github-event": "push",
    "x-hub-signature-256": `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`,
  };
  const encoded = base64 ? Buffer.from(body).toString("base64") : body;
  const event = { headers, body: encoded, isBase64Encoded: base64 };
  return handler(event as unknown as Parameters<typeof handler>[0]);
}

test("while a secret takes the place of another, both are GitHub's, and an empty one is nobody's", async () => {
  expect(await deliver("the new one", { guid: "a" })).toMatchObject({ statusCode: 202 });
  expect(await deliver("the old one", { guid: "b" })).toMatchObject({ statusCode: 202 });
  expect(await deliver("the new one,the old one")).toMatchObject({ statusCode: 401 });
  expect(await deliver("")).toMatchObject({ statusCode: 401 });
  expect(aws.sent).toHaveLength(2);
});

test("a body that comes in base64 is verified and stored as what it stands for", async () => {
  await deliver("the new one", { base64: true });
  expect(aws.objects.get("/state/deliveries/g")).toContain('{\\"n\\":\\"ü\\"}');
});

test("a delivery that is in the ledger already is sent on once more", async () => {
  await deliver("the new one");
  expect(await deliver("the new one")).toMatchObject({ statusCode: 202 });
  expect(aws.sent).toEqual([
    { v: 1, delivery: "g" },
    { v: 1, delivery: "g" },
  ]);
});

test("an answer of 409 says that this very delivery is being written, which is as good", async () => {
  aws.faults.set("PUT", 409);
  expect(await deliver("the new one")).toMatchObject({ statusCode: 202 });
  expect(aws.sent).toEqual([{ v: 1, delivery: "g" }]);
});

test("a ledger that fails fails the call before anything is sent", async () => {
  aws.faults.set("PUT", 503);
  await expect(deliver("the new one")).rejects.toThrow("S3 answered 503 to PUT deliveries/g");
  expect(aws.sent).toEqual([]);
});

test("a queue that fails fails the call, and the redelivery heals", async () => {
  aws.faults.set("POST", 500);
  await expect(deliver("the new one")).rejects.toThrow("SQS answered 500");
  aws.faults.clear();

  expect(await deliver("the new one")).toMatchObject({ statusCode: 202 });

  expect(aws.objects.size).toBe(1);
  expect(aws.sent).toEqual([{ v: 1, delivery: "g" }]);
});

test("a connection that the other side has closed since is opened again", async () => {
  await deliver("the new one");
  // As long as we do not yield, the door does not know of it.
  const late = deliver("the new one");
  server.closeAllConnections();

  expect(await late).toMatchObject({ statusCode: 202 });
  expect(aws.sent).toHaveLength(2);
});
