import { createReadStream } from "node:fs";
import { CopyObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";

/** Where images go: too large to be written in one request, or to be read again. */
export interface ImageStore {
  /** Writes a file of this machine, in parts where it is large. */
  put(key: string, file: string): Promise<void>;
  /** Writes what is at one key at another one too, on the server alone. */
  copy(from: string, to: string): Promise<void>;
}

const PART = 16 * 1024 ** 2;

/** Images below `prefix` in a bucket. */
export function imageStore({
  bucket,
  prefix,
}: {
  readonly bucket: string;
  readonly prefix: string;
}): ImageStore {
  // Images have digests of their own, that are signed.
  const s3 = new S3Client({ requestChecksumCalculation: "WHEN_REQUIRED" });
  const at = (key: string) => ({ Bucket: bucket, Key: `${prefix}/${key}` });
  return {
    async put(key, file) {
      const params = { ...at(key), Body: createReadStream(file), CacheControl: LASTING, ContentType: BYTES };
      await new Upload({ client: s3, params, partSize: PART, queueSize: 4 }).done();
    },
    async copy(from, to) {
      const source = [bucket, prefix, from].join("/").split("/").map(encodeURIComponent).join("/");
      const about = { CacheControl: "public, max-age=30", ContentType: BYTES };
      await s3.send(
        new CopyObjectCommand({ ...at(to), CopySource: source, MetadataDirective: "REPLACE", ...about }),
      );
    },
  };
}

const LASTING = "public, max-age=31536000, immutable";
const BYTES = "application/octet-stream";
