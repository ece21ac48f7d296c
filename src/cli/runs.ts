import { S3Client } from "@aws-sdk/client-s3";
import type { Stack } from "../local/stack.ts";
import { Run } from "../pipelines/run.ts";
import { s3Blobs } from "../platform/aws/blobs.ts";
import type { Blobs } from "../ports.ts";

/** A bucket of the stack by its name in the template. */
export function bucketOf(stack: Stack, name: string): Blobs {
  const { endpoints, credentials } = stack;
  const s3 = new S3Client({
    endpoint: endpoints.s3,
    region: "eu-central-1",
    credentials,
    forcePathStyle: true,
  });
  return s3Blobs({ s3, bucket: String(stack.host.resolve({ Ref: name })), nonce: () => "cli" });
}

export async function allRuns(stack: Stack): Promise<readonly Run[]> {
  const state = bucketOf(stack, "StateBucket");
  const keys = (await state.list("runs/")).map(({ key }) => key);
  const runs = [];
  for (const key of keys) {
    const object = await state.get(key);
    if (object) runs.push(Run.parse(JSON.parse(new TextDecoder().decode(object.value))));
  }
  return runs.toSorted((a, b) => (a.at < b.at ? -1 : 1));
}
