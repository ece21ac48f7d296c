import { z } from "zod";
import { refusal } from "./refusal.ts";
import type { Store } from "./store.ts";

export const Versioning = z.enum(["", "Enabled", "Suspended"]);

const json = z.string().transform((text): unknown => JSON.parse(text));

/** A bucket and the documents that were put as its sub-resources, as they were put. */
export const Bucket = z.object({
  name: z.string(),
  created: z.int(),
  versioning: Versioning,
  settings: json.pipe(z.record(z.string(), z.string())),
});
export type Bucket = z.infer<typeof Bucket>;

export function findBucket(store: Store, name: string): Bucket | undefined {
  const row = store.one("select * from bucket where name = ?", name);
  return row && Bucket.parse(row);
}

export function bucketOf(store: Store, name: string): Bucket {
  const bucket = findBucket(store, name);
  if (bucket) return bucket;
  throw refusal(404, "NoSuchBucket", {
    message: "The specified bucket does not exist",
    details: { BucketName: name },
  });
}

export function saveSettings(store: Store, bucket: Bucket, settings: Bucket["settings"]): void {
  store.run("update bucket set settings = ? where name = ?", JSON.stringify(settings), bucket.name);
}
