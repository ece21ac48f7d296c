import type { LambdaFunctionURLEvent } from "aws-lambda";
import { type Answer, receiveWebhook } from "../flow/receive-webhook.ts";
import { doorToAws } from "../platform/aws/door.ts";
import { readEnv } from "./environment.ts";

// Not `import`: a module's view of node:crypto reads each export, also those that load WebCrypto.
const { createHmac, timingSafeEqual } = process.getBuiltinModule("node:crypto");

// GitHub -> the ledger and the events queue. Holds the webhook's secret and no other: no app key, no Probot, no SDK.
const env = readEnv(process.env, ["DELIVERIES_BUCKET", "EVENTS_QUEUE_URL", "WEBHOOK_SECRET"]);

/** Two secrets, separated by a comma, while one takes the place of the other. */
const secrets = env.WEBHOOK_SECRET.split(",").filter((secret) => secret !== "");

const step = receiveWebhook({
  ...doorToAws({
    caller: {
      accessKeyId: process.env["AWS_ACCESS_KEY_ID"] ?? "",
      secretAccessKey: process.env["AWS_SECRET_ACCESS_KEY"] ?? "",
      sessionToken: process.env["AWS_SESSION_TOKEN"],
      region: process.env["AWS_REGION"] ?? "",
    },
    bucket: env.DELIVERIES_BUCKET,
    queueUrl: env.EVENTS_QUEUE_URL,
    s3: process.env["AWS_ENDPOINT_URL_S3"],
    sqs: process.env["AWS_ENDPOINT_URL_SQS"],
  }),
  isSigned: (body, signature) => secrets.some((secret) => isEqual(signature, signatureOf(secret, body))),
  clock: () => new Date().toISOString(),
});

const signatureOf = (secret: string, body: Uint8Array): string =>
  `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;

/** In a time that does not tell where they differ. */
function isEqual(a: string, b: string): boolean {
  const [x, y] = [Buffer.from(a), Buffer.from(b)];
  return x.length === y.length && timingSafeEqual(x, y);
}

export async function handler(event: LambdaFunctionURLEvent): Promise<Answer> {
  const body = Buffer.from(event.body ?? "", event.isBase64Encoded ? "base64" : "utf8");
  return step({ headers: event.headers, body });
}
