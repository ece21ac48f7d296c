import { setTimeout } from "node:timers/promises";
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  HeadObjectCommand,
  UploadPartCopyCommand,
} from "@aws-sdk/client-s3";
import type { CompleteMultipartUploadCommandInput, S3Client } from "@aws-sdk/client-s3";
import { statusOf } from "../platform/aws/conditional-put.ts";
import { inParallel } from "./in-parallel.ts";

/** An object that is to be at another place too. `size` in bytes, at least one; `sha256` in hex, as it was measured. */
export interface Copying {
  /** Without a bucket: below the store's own place. `version`: its ETag when it was measured. */
  readonly from: { readonly bucket?: string; readonly key: string; readonly version?: string };
  readonly to: string;
  readonly size: number;
  readonly sha256: string;
  /** `once`: only where nothing is, for good. `always`: in place of what is there. */
  readonly write: "once" | "always";
}

/** Where images go: too large to pass through a publisher, so that the server itself copies them. */
export interface ImageStore {
  /** The digest that the object at a key was measured with; `undefined`: nothing is there. */
  digest(key: string): Promise<string | undefined>;
  /** Throws if the source is another version by now; `false`: something is there already. */
  copy(copying: Copying): Promise<boolean>;
}

interface Place {
  readonly bucket: string;
  readonly prefix: string;
  /** Bytes that are copied by one request: 5 MiB to 5 GiB. */
  readonly part?: number;
}

/** Images below `prefix` in a bucket. Each is copied in parts, also where one part is all of it: only a copy of that kind is
 *  bound to that nothing is there, at every S3. */
export function imageStore(s3: S3Client, { bucket, prefix, part = PART }: Place): ImageStore {
  const at = (key: string) => ({ Bucket: bucket, Key: `${prefix}/${key}` });
  return {
    async digest(key) {
      try {
        return (await s3.send(new HeadObjectCommand(at(key)))).Metadata?.["sha256"] ?? "";
      } catch (error) {
        if (statusOf(error) === 404) return undefined;
        throw error;
      }
    },
    async copy(copying) {
      const { from, to } = copying;
      const source = from.bucket === undefined ? [bucket, prefix, from.key] : [from.bucket, from.key];
      const target = at(to);
      const CopySource = source.join("/").split("/").map(encodeURIComponent).join("/");
      for (let attempt = 1; ; attempt += 1) {
        const ended = await copyOnce(s3, { ...copying, target, CopySource, part });
        if (ended !== "again") return ended === "copied";
        if (attempt === ATTEMPTS) throw new Error(`${to} is being written by somebody else.`);
        await setTimeout(attempt * 200);
      }
    },
  };
}

/** Of large images several parts at a time; S3 knows at most 10,000. */
const PART = 512 * 1024 ** 2;
const ATTEMPTS = 5;

interface Order extends Copying {
  readonly target: { readonly Bucket: string; readonly Key: string };
  readonly CopySource: string;
  readonly part: number;
}

async function copyOnce(s3: S3Client, order: Order): Promise<Ended> {
  const { target, sha256, write } = order;
  const { UploadId } = await s3.send(
    new CreateMultipartUploadCommand({
      ...target,
      ContentType: "application/octet-stream",
      CacheControl: write === "once" ? "public, max-age=31536000, immutable" : "public, max-age=30",
      Metadata: { sha256 },
    }),
  );
  const upload = { ...target, UploadId };
  // What cannot be taken back here the bucket takes back by itself, some days later.
  const giveUp = () => s3.send(new AbortMultipartUploadCommand(upload)).catch(() => undefined);
  try {
    const parts = await copyParts(s3, upload, order);
    return await complete(s3, { ...upload, MultipartUpload: { Parts: [...parts] } }, write);
  } catch (error) {
    await giveUp();
    throw error;
  }
}

type Ended = "copied" | "there" | "again";

/** 412: something is there. 409: something else is being written there, and nothing is left of this upload. */
async function complete(
  s3: S3Client,
  upload: CompleteMultipartUploadCommandInput,
  write: Copying["write"],
): Promise<Ended> {
  const { Bucket, Key, UploadId } = upload;
  try {
    const condition = write === "once" ? { IfNoneMatch: "*" } : {};
    await s3.send(new CompleteMultipartUploadCommand({ ...upload, ...condition }));
    return "copied";
  } catch (error) {
    const status = statusOf(error);
    if (status !== 409 && status !== 412) throw error;
    await s3.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId })).catch(() => undefined);
    return status === 412 ? "there" : "again";
  }
}

async function copyParts(
  s3: S3Client,
  upload: Order["target"] & { readonly UploadId: string | undefined },
  { from: { version }, CopySource, size, part }: Order,
) {
  const starts = Array.from({ length: Math.ceil(size / part) }, (_, n) => n * part);
  return inParallel(starts, async (start, n) => {
    const range = `bytes=${start}-${Math.min(start + part, size) - 1}`;
    const one = { ...upload, CopySource, CopySourceRange: range, PartNumber: n + 1 };
    const bound = version === undefined ? {} : { CopySourceIfMatch: version };
    const { CopyPartResult } = await s3.send(new UploadPartCopyCommand({ ...one, ...bound }));
    return { PartNumber: n + 1, ETag: CopyPartResult?.ETag };
  });
}
