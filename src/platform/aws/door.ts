import type { Queue } from "../../ports.ts";
import type { Caller } from "./signature.ts";
import { signedRequest } from "./signed-request.ts";

/** The two things the webhook door does in AWS: add an object to the ledger, and send its name on. */
export function doorToAws(world: {
  readonly caller: Caller;
  readonly bucket: string;
  readonly queueUrl: string;
  /** Other services than AWS's, by their addresses. */
  readonly s3?: string | undefined;
  readonly sqs?: string | undefined;
}): { ledger: { create(key: string, body: string): Promise<boolean> }; events: Queue<unknown> } {
  const { caller, bucket, queueUrl, s3, sqs = queueUrl } = world;
  const ask = signedRequest(caller);
  const base = s3 ? `${s3}/${bucket}` : `https://${bucket}.s3.${caller.region}.amazonaws.com`;
  return {
    ledger: {
      async create(key, body) {
        const headers = { "if-none-match": "*", "content-type": "application/json" };
        const url = new URL(`${base}/${key}`);
        const status = await ask({ service: "s3", method: "PUT", url, headers, body });
        if (status === 200) return true;
        // 412: it is there. 409: somebody writes the same key right now, and a delivery has one content.
        if (status === 412 || status === 409) return false;
        throw new Error(`S3 answered ${status} to PUT ${key}`);
      },
    },
    events: {
      async send(message) {
        const headers = {
          "content-type": "application/x-amz-json-1.0",
          "x-amz-target": "AmazonSQS.SendMessage",
        };
        const body = JSON.stringify({ QueueUrl: queueUrl, MessageBody: JSON.stringify(message) });
        const url = new URL("/", sqs);
        const status = await ask({ service: "sqs", method: "POST", url, headers, body });
        if (status !== 200) throw new Error(`SQS answered ${status}`);
      },
    },
  };
}
