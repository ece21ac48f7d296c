import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { createProbot } from "probot";

export interface Heard {
  readonly id: string;
  readonly name: string;
  readonly payload: unknown;
}

interface Event {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A Probot app as a Lambda function, in the shape of Probot's own adapter: it verifies, then the app's listener works. */
export function probotHandler(listen: (heard: Heard) => Promise<void>) {
  const probot = createProbot({ defaults: { logFormat: "json" } });
  const loaded = probot.load((app) => app.onAny(listen));
  return async ({ headers, body }: Event): Promise<{ statusCode: number; body: string }> => {
    await loaded;
    const delivery = {
      id: headers["x-github-delivery"] ?? "",
      name: headers["x-github-event"] ?? "",
      signature: headers["x-hub-signature-256"] ?? "",
      payload: body,
    };
    try {
      await probot.webhooks.verifyAndReceive(delivery);
      return { statusCode: 200, body: JSON.stringify({ ok: true }) };
    } catch (error) {
      return { statusCode: 400, body: String(error) };
    }
  };
}

const sqs = new SQSClient();

/** The least that a listener can do without losing an event. */
export async function send({ id, name, payload }: Heard): Promise<void> {
  const MessageBody = JSON.stringify({ id, name, payload });
  await sqs.send(new SendMessageCommand({ QueueUrl: process.env["EVENTS_QUEUE_URL"], MessageBody }));
}
