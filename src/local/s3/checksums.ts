import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { notImplemented } from "./refusal.ts";

/** A running checksum. */
interface Meter {
  update(chunk: Uint8Array): void;
  digest(): Buffer;
}

/** Checksums by the names that S3 gives them in headers; others are refused rather than believed. */
export function meterOf(algorithm: string): Meter {
  switch (algorithm) {
    case "crc32":
      return crc32Meter();
    case "md5":
    case "sha1":
    case "sha256":
      return hashMeter(algorithm);
    default:
      throw notImplemented(`the checksum ${algorithm}`);
  }
}

function hashMeter(algorithm: string): Meter {
  const hash = createHash(algorithm);
  return { update: (chunk) => void hash.update(chunk), digest: () => hash.digest() };
}

function crc32Meter(): Meter {
  let sum = 0;
  return {
    update(chunk) {
      sum = crc32(chunk, sum);
    },
    digest() {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32BE(sum);
      return bytes;
    },
  };
}

const CHECKSUM_HEADER = /^x-amz-checksum-(crc32|crc32c|crc64nvme|sha1|sha256)$/;

/** The algorithms that a request promises a checksum for, in its headers or its trailer. */
export function promisedChecksums(headers: Readonly<Record<string, string>>): readonly string[] {
  const names = [...Object.keys(headers), ...(headers["x-amz-trailer"] ?? "").toLowerCase().split(",")];
  const algorithms = names.map((name) => CHECKSUM_HEADER.exec(name.trim())?.[1]);
  return [...new Set(algorithms.filter((algorithm) => algorithm !== undefined))];
}
