import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { type Heard, probotHandler, send } from "./probot-app.ts";

// As our door: also a ledger of deliveries, written once each, before the send.
const s3 = new S3Client({ forcePathStyle: true });

export const handler = probotHandler(async (heard) => {
  await store(heard);
  await send({ ...heard, payload: undefined });
});

async function store({ id, name, payload }: Heard): Promise<void> {
  const Bucket = process.env["DELIVERIES_BUCKET"];
  const put = { Bucket, Key: `probot/${id}`, Body: JSON.stringify({ name, payload }), IfNoneMatch: "*" };
  await s3.send(new PutObjectCommand(put)).catch((error: { name?: string }) => {
    if (error.name !== "PreconditionFailed") throw error;
  });
}
