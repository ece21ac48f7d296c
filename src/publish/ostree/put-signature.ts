import { createHmac, hash } from "node:crypto";

/** Whose request it is, and where. */
export interface Writer {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

/** Signs many PUTs to one host (AWS, Signature Version 4): what they have in common is worked out once a day and writer.
 *  Gives the request's head up to its end; `path` is already encoded. */
export function putSigner(host: string, region: string) {
  let scope: { readonly writer: Writer; readonly day: string; readonly key: Buffer } | undefined;
  const scopeOf = (writer: Writer, day: string) => {
    if (scope?.writer !== writer || scope.day !== day)
      scope = { writer, day, key: keyOf(writer, [day, region, "s3", "aws4_request"]) };
    return scope;
  };
  return (writer: Writer, path: string, body: Body): string => {
    const time = body.at.replaceAll(/[:-]|\.\d{3}/g, "");
    const { key, day } = scopeOf(writer, time.slice(0, 8));
    const headers = [
      ...(body.type === undefined
        ? []
        : [["cache-control", LASTING] as const, ["content-type", body.type] as const]),
      ["host", host] as const,
      ["x-amz-content-sha256", body.sha256] as const,
      ["x-amz-date", time] as const,
      ...(writer.sessionToken ? [["x-amz-security-token", writer.sessionToken] as const] : []),
    ];
    const names = headers.map(([name]) => name).join(";");
    const canonical = `PUT\n${path}\n\n${headers.map(([name, value]) => `${name}:${value}\n`).join("")}\n${names}\n${body.sha256}`;
    const place = `${day}/${region}/s3/aws4_request`;
    const signature = createHmac("sha256", key)
      .update(`AWS4-HMAC-SHA256\n${time}\n${place}\n${hash("sha256", canonical)}`)
      .digest("hex");
    const claim = `AWS4-HMAC-SHA256 Credential=${writer.accessKeyId}/${place}, SignedHeaders=${names}, Signature=${signature}`;
    const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join("");
    return `PUT ${path} HTTP/1.1\r\n${lines}authorization: ${claim}\r\ncontent-length: ${body.size}\r\n\r\n`;
  };
}

/** What is sent: its size in bytes, its digest in hex, and when, in ISO 8601. */
interface Body {
  readonly size: number;
  readonly sha256: string;
  readonly at: string;
  readonly type?: string;
}

const LASTING = "public, max-age=31536000, immutable";

const keyOf = ({ secretAccessKey }: Writer, parts: readonly string[]): Buffer =>
  parts.reduce<Buffer>(
    (key, part) => createHmac("sha256", key).update(part).digest(),
    Buffer.from(`AWS4${secretAccessKey}`),
  );
