import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { startSqs } from "../../../src/local/host/sqs-server.ts";
import { type Host, startHost } from "../../../src/local/host/start-host.ts";

type Properties = Readonly<Record<string, unknown>>;

const getAtt = (id: string) => ({ "Fn::GetAtt": [id, "Arn"] });

/** A function of a template and its role; its door is `<name>.mjs`. */
export const lambda = (name: string, variables: Properties = {}, more: Properties = {}) => ({
  Type: "AWS::Lambda::Function",
  Properties: {
    Handler: `src/handlers/${name}.handler`,
    FunctionName: `test-${name}`,
    Timeout: 20,
    Role: getAtt(`${name}Role`),
    Environment: { Variables: variables },
    ...more,
  },
});

export const queue = (name: string, properties: Properties = {}) => ({
  Type: "AWS::SQS::Queue",
  Properties: { QueueName: name, VisibilityTimeout: 40, ...properties },
});

export const redriven = (dead: string, maxReceiveCount: number) => ({
  RedrivePolicy: { deadLetterTargetArn: getAtt(dead), maxReceiveCount },
});

export const mapping = (from: string, to: string, more: Properties = {}) => ({
  Type: "AWS::Lambda::EventSourceMapping",
  Properties: {
    EventSourceArn: getAtt(from),
    FunctionName: getAtt(to),
    BatchSize: 10,
    FunctionResponseTypes: ["ReportBatchItemFailures"],
    ...more,
  },
});

export const rule = (to: string, what: Properties) => ({
  Type: "AWS::Events::Rule",
  Properties: { State: "ENABLED", Targets: [{ Id: "t", Arn: getAtt(to) }], ...what },
});

export const url = (to: string) => ({
  Type: "AWS::Lambda::Url",
  Properties: { AuthType: "NONE", TargetFunctionArn: getAtt(to) },
});

export interface Set {
  readonly host: Host;
  readonly dir: string;
  readonly said: readonly string[];
  /** What the doors wrote with `note`, in order. */
  notes(): Promise<readonly string[]>;
  send(queue: string, body: string, group?: string): Promise<void>;
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** `note(text)` adds a line to what the test can read; `doors` are bodies of `async (event, context) => { … }`. */
const PRELUDE = `
import { appendFileSync, readFileSync } from "node:fs";
const FILE = process.cwd() + "/../../notes";
const note = (text) => appendFileSync(FILE, text + "\\n");
const noted = () => readFileSync(FILE, "utf8").split("\\n");
`;

/** A host on an SQS of its own, with stand-in doors. */
export async function setUp(
  resources: Readonly<Record<string, unknown>>,
  doors: Readonly<Record<string, string>>,
): Promise<Set> {
  const dir = await mkdtemp(path.join(tmpdir(), "host-"));
  const sqs = await startSqs({ dir: path.join(dir, "sqs"), port: 0 });
  await writeFile(path.join(dir, "notes"), "");
  await mkdir(path.join(dir, "doors"));
  for (const [name, body] of Object.entries(doors)) {
    const text = `${PRELUDE}export const handler = async (event, context) => {${body}};`;
    await writeFile(path.join(dir, `${name}.mjs`), text);
  }
  const said: string[] = [];
  const start = () =>
    startHost({
      template: { Resources: resources },
      endpoints: { sqs: sqs.url },
      dir: path.join(dir, "doors"),
      doors: (door) => path.join(dir, `${door}.mjs`),
      credentials: (who) => ({ accessKeyId: `key-of-${who}`, secretAccessKey: "secret" }),
      publicPort: 0,
      secrets: { WORD: "open sesame" },
      visibilityScale: 0.05,
      timeScale: 0.002,
      log: (message, facts) => said.push(`${message} ${JSON.stringify(facts)}`),
    });
  const set = { host: await start() };
  // Awake, a door answers well within the short time that a message stays hidden.
  const feeds = Object.values(resources).some((one) => JSON.stringify(one).includes("EventSourceMapping"));
  if (feeds)
    for (const name of Object.keys(doors))
      await set.host.invoke(name, { Records: [] }).catch(() => undefined);
  await writeFile(path.join(dir, "notes"), "");
  const client = new SQSClient({
    region: "eu-central-1",
    endpoint: sqs.url,
    credentials: { accessKeyId: "x", secretAccessKey: "y" },
  });
  let sent = 0;
  return {
    dir,
    said,
    get host() {
      return set.host;
    },
    notes: async () => (await readFile(path.join(dir, "notes"), "utf8")).split("\n").filter(Boolean),
    send: async (name, body, group) => {
      sent += 1;
      const fifo = group === undefined ? {} : { MessageGroupId: group, MessageDeduplicationId: `${sent}` };
      const QueueUrl = String(set.host.resolve({ Ref: name }));
      await client.send(new SendMessageCommand({ QueueUrl, MessageBody: body, ...fifo }));
    },
    restart: async () => {
      await set.host.close();
      set.host = await start();
    },
    close: async () => {
      await set.host.close();
      await sqs.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
