import { HeadObjectCommand, PutObjectCommand, type S3Client, S3ServiceException } from "@aws-sdk/client-s3";
import { setTimeout } from "node:timers/promises";

/** One bucket, and how to tell our own writes from those of others. */
export interface BucketAccess {
  readonly s3: S3Client;
  readonly bucket: string;
  /** A word that no other write has: it is stored with each (`x-amz-meta-writer`). */
  readonly nonce: () => string;
}

export interface Content {
  readonly key: string;
  readonly body: string | Uint8Array;
  readonly type: string;
}

export type Condition = { readonly IfNoneMatch: "*" } | { readonly IfMatch: string };

const TRIES = 5;

/**
 * Writes if the condition holds; `false` says somebody was faster. The SDK tries again after a lost answer, and then
 * hears 412 about its own write: so whoever is refused reads back whose write is there.
 */
export function putIf(access: BucketAccess, content: Content, condition: Condition): Promise<boolean> {
  const { s3, bucket, nonce } = access;
  const writer = nonce();
  const command = (): PutObjectCommand =>
    new PutObjectCommand({
      ...condition,
      Bucket: bucket,
      Key: content.key,
      Body: content.body,
      ContentLength: Buffer.byteLength(content.body),
      ContentType: content.type,
      Metadata: { writer },
    });
  return retryConflicts(`s3://${bucket}/${content.key}`, async () => {
    try {
      await s3.send(command());
      return true;
    } catch (error) {
      if (isSettled(error)) throw error;
      const there = await stored(access, content.key);
      if (there?.writer === writer) return true;
      if (isLost(error) || (statusOf(error) === 409 && isOutdated(there, condition))) return false;
      throw error;
    }
  });
}

/** A 409 says that another write is under way, not which of the two will be there: asks again, a few times. */
export async function retryConflicts<T>(what: string, attempt: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await attempt();
    } catch (cause) {
      if (statusOf(cause) !== 409) throw cause;
      if (tries === TRIES) throw new Error(`${what} is contended; try again later`, { cause });
    }
    await setTimeout(20 * 2 ** tries * (1 + Math.random()));
  }
}

export const statusOf = (error: unknown): number | undefined =>
  error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;

/** The condition does not hold: another object is there, or none. */
export const isLost = (error: unknown): boolean =>
  statusOf(error) === 412 || (error instanceof S3ServiceException && error.name === "NoSuchKey");

/** Refused for good and surely without effect; anything else may have come through all the same. */
function isSettled(error: unknown): boolean {
  const status = statusOf(error) ?? 500;
  return status < 500 && status !== 409 && !isLost(error);
}

interface Stored {
  readonly writer: string | undefined;
  readonly version: string | undefined;
}

async function stored({ s3, bucket }: BucketAccess, key: string): Promise<Stored | undefined> {
  try {
    const head = await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
    return { writer: head.Metadata?.["writer"], version: head.ETag };
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
}

/** Can the condition not hold any more, by what is there now? */
const isOutdated = (there: Stored | undefined, condition: Condition): boolean =>
  "IfMatch" in condition ? there?.version !== condition.IfMatch : there !== undefined;
