import { CopyObjectCommand } from "@aws-sdk/client-s3";
import type { S3Client } from "@aws-sdk/client-s3";
import type { Mirror } from "./mirror.ts";
import { s3Mirror } from "./s3-mirror.ts";

/** Another channel's place on the mirror. */
export interface Elsewhere {
  readonly get: Mirror["get"];
  /** Has the server copy an object that never changes to the same key of our own place. */
  readonly copy: (key: string) => Promise<void>;
}

/** What lies below another prefix of the bucket. */
export function elsewhere(
  s3: S3Client,
  { bucket, prefix, from }: { readonly bucket: string; readonly prefix: string; readonly from: string },
): Elsewhere {
  const there = s3Mirror(s3, { bucket, prefix: from });
  return {
    get: (key) => there.get(key),
    async copy(key) {
      const CopySource = [bucket, from, key].join("/").split("/").map(encodeURIComponent).join("/");
      await s3.send(new CopyObjectCommand({ Bucket: bucket, Key: `${prefix}/${key}`, CopySource }));
    },
  };
}
