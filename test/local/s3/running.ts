import { CreateBucketCommand, S3Client, S3ServiceException } from "@aws-sdk/client-s3";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type S3Options, type S3Server, startS3 } from "../../../src/local/s3/server.ts";

export const KEY_ID = "AKIDLOCAL";
export const SECRET = "local-secret";

export interface RunningS3 {
  readonly server: S3Server;
  readonly s3: S3Client;
  readonly bucket: string;
  readonly dir: string;
  [Symbol.asyncDispose](): Promise<void>;
}

/** An S3 with one bucket in a directory of its own, and a client with nothing but its address. */
export async function runningS3(options: Partial<S3Options> = {}, bucket = "bucket"): Promise<RunningS3> {
  const dir = options.dir ?? (await mkdtemp(join(tmpdir(), "millwright-s3-")));
  const server = await startS3({ port: 0, credentials: { [KEY_ID]: SECRET }, ...options, dir });
  const s3 = clientOf(server.url);
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  return {
    server,
    s3,
    bucket,
    dir,
    async [Symbol.asyncDispose]() {
      s3.destroy();
      await server.close();
      await rm(dir, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

export interface Who {
  readonly keyId?: string;
  readonly secret?: string;
  readonly attempts?: number;
}

/** The SDK's client as it comes: path style, checksums and retries are its own business. */
export const clientOf = (endpoint: string, { keyId = KEY_ID, secret = SECRET, attempts = 1 }: Who = {}) =>
  new S3Client({
    endpoint,
    region: "eu-central-1",
    credentials: { accessKeyId: keyId, secretAccessKey: secret },
    maxAttempts: attempts,
  });

/** How a request was refused: its status and code, as in `412 PreconditionFailed`. */
export async function refusalOf(request: Promise<unknown>): Promise<string> {
  try {
    await request;
  } catch (error) {
    if (error instanceof S3ServiceException) return `${error.$metadata.httpStatusCode} ${error.name}`;
    throw error;
  }
  return "not refused";
}
