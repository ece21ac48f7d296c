import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { Webhooks } from "@octokit/webhooks";

// The webhook function of the self-hosted runners for AWS, in shape: Octokit verifies, the SDK sends, a logger of JSON
// tells. Lighter than theirs, which also asks SSM for its settings and brings a logger and a tracer of its own.
const sqs = new SQSClient();
const webhooks = new Webhooks({ secret: process.env["WEBHOOK_SECRET"] ?? "" });

interface Event {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

interface Answer {
  readonly statusCode: number;
  readonly body: string;
}

export async function handler({ headers, body }: Event): Promise<Answer> {
  const id = headers["x-github-delivery"];
  if (!(await webhooks.verify(body, headers["x-hub-signature-256"] ?? ""))) {
    log("warn", "Signature verification failed", { id });
    return { statusCode: 401, body: "Signature verification failed" };
  }
  const payload = JSON.parse(body) as { action?: string; repository: { full_name: string } };
  log("info", "Received a webhook", { id, action: payload.action, repository: payload.repository.full_name });
  const MessageBody = JSON.stringify({ id, name: headers["x-github-event"], payload });
  await sqs.send(new SendMessageCommand({ QueueUrl: process.env["EVENTS_QUEUE_URL"], MessageBody }));
  log("info", "Queued the webhook", { id });
  return { statusCode: 201, body: "Queued" };
}

function log(level: string, message: string, facts: object): void {
  const line = { level, message, timestamp: new Date().toISOString(), service: "webhook", ...facts };
  process.stderr.write(`${JSON.stringify(line)}\n`);
}
