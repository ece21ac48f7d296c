import {
  DeleteObjectCommand,
  GetObjectCommand,
  NoSuchKey,
  paginateListObjectsV2,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { createPresignedPost } from "@aws-sdk/s3-presigned-post";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { Readable } from "node:stream";
import type { Blobs, UploadForm, Versioned } from "../../ports.ts";
import { type BucketAccess, isLost, putIf, retryConflicts } from "./conditional-put.ts";

interface BlobsOptions extends BucketAccess {
  /** The longest object that `get` takes into memory, in bytes; 32 MiB unless told. Longer ones are lent. */
  readonly limit?: number;
}

const MIB = 1024 ** 2;

/** Objects of a bucket. `remove` answers `true` for what is gone already: the wish is fulfilled. */
export function s3Blobs(options: BlobsOptions): Blobs {
  const { s3, bucket: Bucket } = options;
  return {
    async put(Key, Body) {
      // The SDK counts all but an empty body.
      const ContentLength = Buffer.byteLength(Body);
      await s3.send(new PutObjectCommand({ Bucket, Key, Body, ContentLength, ContentType: typeOf(Key) }));
    },
    create: (key, body) => putIf(options, { key, body, type: typeOf(key) }, { IfNoneMatch: "*" }),
    get: (key) => get(options, key),
    list: (prefix) => list(options, prefix),
    remove: (key, version) => remove(options, key, version),
    lend: (Key, expiresIn) => getSignedUrl(s3, new GetObjectCommand({ Bucket, Key }), { expiresIn }),
    admit: (prefix, limits) => admit(options, prefix, limits),
  };
}

/** What browsers show as it is; all else is bytes to them. */
const TYPES: Readonly<Record<string, string>> = {
  svg: "image/svg+xml",
  txt: "text/plain; charset=utf-8",
};

const typeOf = (key: string): string =>
  TYPES[key.slice(key.lastIndexOf(".") + 1)] ?? "application/octet-stream";

async function get(options: BlobsOptions, key: string): Promise<Versioned<Uint8Array> | undefined> {
  const { s3, bucket, limit = 32 * MIB } = options;
  const stop = new AbortController();
  try {
    const command = new GetObjectCommand({ Bucket: bucket, Key: key });
    const object = await s3.send(command, { abortSignal: stop.signal });
    const size = object.ContentLength ?? 0;
    if (size > limit) {
      // A body that nobody hears fails in the open when it is cut off.
      if (object.Body instanceof Readable) object.Body.on("error", () => undefined);
      throw new Error(`${size} bytes are more than the ${limit} that are read at once`);
    }
    const value = (await object.Body?.transformToByteArray()) ?? new Uint8Array();
    return { value, version: object.ETag ?? "" };
  } catch (cause) {
    if (cause instanceof NoSuchKey) return undefined;
    stop.abort();
    throw new Error(`cannot read s3://${bucket}/${key}`, { cause });
  }
}

async function list({ s3, bucket }: BlobsOptions, prefix: string) {
  const found: { readonly key: string; readonly size: number }[] = [];
  // Keys may hold what XML cannot, so they come percent-encoded.
  const pages = paginateListObjectsV2(
    { client: s3 },
    { Bucket: bucket, Prefix: prefix, EncodingType: "url" },
  );
  for await (const page of pages) {
    for (const { Key: key, Size: size } of page.Contents ?? []) {
      if (key !== undefined)
        found.push({ key: decodeURIComponent(key.replaceAll("+", " ")), size: size ?? 0 });
    }
  }
  return found;
}

function remove({ s3, bucket }: BlobsOptions, key: string, version?: string): Promise<boolean> {
  const condition = version === undefined ? {} : { IfMatch: version };
  return retryConflicts(`s3://${bucket}/${key}`, async () => {
    try {
      await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key, ...condition }));
      return true;
    } catch (error) {
      if (error instanceof Error && error.name === "NoSuchKey") return true;
      if (isLost(error)) return false;
      throw error;
    }
  });
}

async function admit(
  { s3, bucket }: BlobsOptions,
  prefix: string,
  { bytes, seconds }: { readonly bytes: number; readonly seconds: number },
): Promise<UploadForm> {
  const { url, fields } = await createPresignedPost(s3, {
    Bucket: bucket,
    Key: `${prefix}\${filename}`,
    Conditions: [
      ["starts-with", "$key", prefix],
      ["content-length-range", 0, bytes],
    ],
    Expires: seconds,
  });
  return { url, fields };
}
