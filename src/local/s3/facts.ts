import { notImplemented, refusal } from "./refusal.ts";
import type { Facts } from "./versions.ts";
import type { Call } from "./wire.ts";

const KEPT = new Set(["cache-control", "content-disposition", "content-language", "expires"]);

/** What would be stored and then not honoured is refused. */
const REFUSED = [
  "x-amz-object-lock-mode",
  "x-amz-object-lock-legal-hold",
  "x-amz-website-redirect-location",
  "x-amz-server-side-encryption-customer-algorithm",
  "x-amz-write-offset-bytes",
];

/** What a PUT, a POST or a multipart upload says of the object it makes. */
export function factsOf(headers: Call["headers"]): Omit<Facts, "checksums"> {
  checkHonoured(headers);
  const entries = Object.entries(headers);
  const meta = entries.filter(([name]) => name.startsWith("x-amz-meta-"));
  const size = meta.reduce(
    (sum, [name, value]) => sum + name.length - "x-amz-meta-".length + value.length,
    0,
  );
  if (size > 2048) throw refusal(400, "MetadataTooLarge");
  const encoding = withoutAwsChunked(headers["content-encoding"] ?? "");
  return {
    headers: {
      "content-type": headers["content-type"] ?? "binary/octet-stream",
      ...Object.fromEntries(entries.filter(([name]) => KEPT.has(name))),
      ...(encoding === "" ? {} : { "content-encoding": encoding }),
      ...Object.fromEntries(meta),
    },
    tags: checkTags(Object.fromEntries(new URLSearchParams(headers["x-amz-tagging"] ?? ""))),
  };
}

function checkHonoured(headers: Call["headers"]): void {
  const refused = REFUSED.find((name) => headers[name] !== undefined);
  if (refused !== undefined) throw notImplemented(refused);
  const acl = headers["x-amz-acl"] ?? headers["acl"] ?? "bucket-owner-full-control";
  if (acl !== "bucket-owner-full-control") throw noAcls();
}

/** Access control lists are off by default on S3, and always here. */
export const noAcls = (): Error =>
  refusal(400, "AccessControlListNotSupported", { message: "The bucket does not allow ACLs" });

export function checkTags(tags: Readonly<Record<string, string>>): Record<string, string> {
  if (Object.keys(tags).length > 10) {
    throw refusal(400, "BadRequest", { message: "Object tags cannot be greater than 10" });
  }
  return { ...tags };
}

export const checksumHeaders = ({ checksums }: Pick<Facts, "checksums">): Record<string, string> =>
  Object.fromEntries(Object.entries(checksums).map(([name, sum]) => [`x-amz-checksum-${name}`, sum]));

const withoutAwsChunked = (encoding: string): string =>
  encoding
    .split(",")
    .map((word) => word.trim())
    .filter((word) => word !== "" && word !== "aws-chunked")
    .join(", ");
