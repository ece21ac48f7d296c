import { networkInterfaces } from "node:os";
import { afterEach, expect, test } from "vitest";
import { lambda, mapping, queue, rule, type Set, setUp, url } from "./stage-set.ts";

let set: Set | undefined;
afterEach(async () => {
  await set?.close();
  set = undefined;
});

const OPEN = { Door: lambda("door"), Url: url("Door") };
const ECHO = `return {
  statusCode: 202,
  headers: { "content-type": "text/plain", "x-seen": event.isBase64Encoded + " " + event.requestContext.http.method + " " + event.rawPath + "?" + event.rawQueryString },
  body: event.body ?? "",
};`;

const post = (body: string | Uint8Array<ArrayBuffer>, type: string) =>
  fetch(`${set?.host.webhookUrl}hook?a=1`, { method: "POST", body, headers: { "content-type": type } });

test("a Function URL hands JSON on as text", async () => {
  set = await setUp(OPEN, { door: ECHO });
  const answer = await post('{"a":"ü"}', "application/json");
  expect(answer.status).toBe(202);
  expect(answer.headers.get("x-seen")).toBe("false POST /hook?a=1");
  expect(await answer.text()).toBe('{"a":"ü"}');
});

test("a Function URL hands other bodies on as base64, byte for byte", async () => {
  set = await setUp(OPEN, { door: ECHO });
  const bytes = new Uint8Array([0, 255, 10, 13, 128]);
  const answer = await post(bytes, "application/octet-stream");
  expect(answer.headers.get("x-seen")).toBe("true POST /hook?a=1");
  expect(Buffer.from(await answer.text(), "base64")).toEqual(Buffer.from(bytes));
});

test("an answer in base64 is sent as the bytes it stands for", async () => {
  set = await setUp(OPEN, { door: `return { statusCode: 200, body: "AP8=", isBase64Encoded: true };` });
  const answer = await post("x", "text/plain");
  expect(Buffer.from(await answer.arrayBuffer())).toEqual(Buffer.from([0, 255]));
});

test("an answer without a status code is JSON", async () => {
  set = await setUp(OPEN, { door: `return { fine: true };` });
  expect(await (await post("x", "text/plain")).json()).toEqual({ fine: true });
});

test("a door that throws is a 502 that tells nothing", async () => {
  set = await setUp(OPEN, { door: `throw new Error("secret plan");` });
  const answer = await post("x", "text/plain");
  expect(answer.status).toBe(502);
  expect(await answer.text()).toBe("Internal Server Error");
});

test("a payload of more than 6 MiB is a 413 and never reaches the door", async () => {
  set = await setUp(OPEN, { door: `note("reached"); return { statusCode: 202 };` });
  expect((await post("x".repeat(7_000_000), "application/json")).status).toBe(413);
  expect((await post(Buffer.alloc(5_000_000), "application/octet-stream")).status).toBe(413);
  expect(await set.notes()).toEqual([]);
  expect((await post("x".repeat(6_000_000), "application/json")).status).toBe(202);
});

test("a schedule calls its door again and again", async () => {
  set = await setUp(
    { Door: lambda("door"), Clock: rule("Door", { ScheduleExpression: "rate(1 minute)" }) },
    { door: `note(event["detail-type"] + " of " + event.resources[0]);` },
  );
  await expect.poll(async () => (await set?.notes())?.length, { timeout: 5000 }).toBeGreaterThan(1);
  expect((await set.notes())[0]).toBe(
    "Scheduled Event of arn:aws:events:eu-central-1:000000000000:rule/Clock",
  );
});

test("a schedule does not call a door that is still at it", async () => {
  set = await setUp(
    { Door: lambda("door"), Clock: rule("Door", { ScheduleExpression: "rate(1 minute)" }) },
    { door: `note("in"); await new Promise((resolve) => setTimeout(resolve, 300)); note("out");` },
  );
  await expect.poll(async () => (await set?.notes())?.length, { timeout: 5000 }).toBeGreaterThan(3);
  const notes = await set.notes();
  expect(notes.slice(0, 4)).toEqual(["in", "out", "in", "out"]);
});

test("an event goes to the queue of every rule that it matches, and to no other", async () => {
  set = await setUp(
    {
      News: queue("news"),
      Door: lambda("door"),
      Feed: mapping("News", "Door"),
      Ours: rule("News", {
        EventPattern: { source: ["aws.codebuild"], detail: { "project-name": [{ prefix: "millwright-" }] } },
      }),
    },
    { door: `for (const { body } of event.Records) note(body);` },
  );
  const news = (name: string) => ({ source: "aws.codebuild", detail: { "project-name": name } });
  await set.host.deliverEvent(news("other-project"));
  await set.host.deliverEvent(news("millwright-build"));
  await set.host.idle();
  expect((await set.notes()).map((note): unknown => JSON.parse(note))).toEqual([news("millwright-build")]);
});

test("a door has the environment of its block, the role's AWS variables, and nothing of ours", async () => {
  set = await setUp(
    {
      News: queue("news"),
      Door: lambda("door", {
        QUEUE: { Ref: "News" },
        WHERE: { "Fn::Sub": "https://${Door}.${AWS::Region}/x" },
        SECRET: "{{resolve:secretsmanager:any/name:SecretString:WORD}}",
      }),
    },
    { door: `return process.env;` },
  );
  const env = await set.host.invoke("door", {});
  expect(env).toMatchObject({
    QUEUE: set.host.resolve({ Ref: "News" }),
    WHERE: "https://Door.eu-central-1/x",
    SECRET: "open sesame",
    AWS_REGION: "eu-central-1",
    AWS_ACCESS_KEY_ID: "key-of-doorRole",
  });
  const names = Object.keys(env as object).filter((name) => !name.startsWith("AWS_"));
  expect(names.toSorted()).toEqual(["QUEUE", "SECRET", "WHERE", ...ipc(names)].toSorted());
});

/** Node's own, for the channel between host and door. */
const ipc = (names: readonly string[]) => names.filter((name) => name.startsWith("NODE_CHANNEL_"));

test("a type of resource that the host does not know stops it", async () => {
  await expect(setUp({ Table: { Type: "AWS::DynamoDB::Table", Properties: {} } }, {})).rejects.toThrow(
    /AWS::DynamoDB::Table/,
  );
});

const address = Object.values(networkInterfaces())
  .flat()
  .find((one) => one && !one.internal && one.family === "IPv4")?.address;
const reason = address ? "" : " (skipped, because this machine has no address but loopback)";

test.skipIf(!address)(`SQS hangs up on callers that are not on loopback${reason}`, async () => {
  set = await setUp({ News: queue("news") }, {});
  const port = new URL(String(set.host.resolve({ Ref: "News" }))).port;
  await expect(fetch(`http://127.0.0.1:${port}/health`)).resolves.toHaveProperty("status", 200);
  await expect(fetch(`http://${address}:${port}/health`)).rejects.toThrow(/fetch failed/);
});
