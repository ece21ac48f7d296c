import { GetObjectCommand, NoSuchKey } from "@aws-sdk/client-s3";
import type { Records, Versioned } from "../../ports.ts";
import { type BucketAccess, putIf } from "./conditional-put.ts";

interface RecordsOptions<T> extends BucketAccess {
  /** Takes parsed JSON apart; throws if it is not a record. */
  readonly parse: (json: unknown) => T;
}

/**
 * Records as JSON objects in a bucket, held together by S3's conditional writes. The version is the ETag, which two
 * writes of the same content share: comparing is by content, and a value that must not come back carries a counter.
 * Reading what is not there needs `s3:ListBucket`; without it S3 answers 403 and the read fails.
 */
export function s3Records<T>(options: RecordsOptions<T>): Records<T> {
  const content = (key: string, value: T) => ({
    key,
    body: JSON.stringify(value),
    type: "application/json",
  });
  return {
    read: (key) => read(options, key),
    create: (key, value) => putIf(options, content(key, value), { IfNoneMatch: "*" }),
    replace: (key, value, version) => putIf(options, content(key, value), { IfMatch: version }),
  };
}

async function read<T>(options: RecordsOptions<T>, key: string): Promise<Versioned<T> | undefined> {
  const { s3, bucket, parse } = options;
  try {
    const object = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    const text = (await object.Body?.transformToString()) ?? "";
    return { value: parse(JSON.parse(text)), version: object.ETag ?? "" };
  } catch (cause) {
    if (cause instanceof NoSuchKey) return undefined;
    throw new Error(`cannot read the record s3://${bucket}/${key}`, { cause });
  }
}
