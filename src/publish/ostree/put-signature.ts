import { hash } from "node:crypto";

/** Whose request it is. */
export interface Writer {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

/** What is sent: its size in bytes, its digest in hex; and when, in whole seconds since 1970. */
interface Sent {
  readonly size: number;
  readonly sha256: string;
  readonly at: number;
}

/** Objects of a repository never change. */
const LASTING = "public, max-age=31536000, immutable";

/** Signs many PUTs to one host (AWS, Signature Version 4) and gives each request's head; `path` is already encoded. What
 *  requests have in common is worked out once: by itself it would cost more than the small objects that they carry. */
export function putSigner(host: string, region: string) {
  let last: Scope | undefined;
  const scopeOf = (writer: Writer, at: number): Scope => {
    if (last?.writer !== writer || last.at !== at) last = scope({ writer, at, host, region, last });
    return last;
  };
  return (writer: Writer, path: string, { size, sha256, at }: Sent): string => {
    const { before, after, sent, names, claim, first, hmac } = scopeOf(writer, at);
    const canonical = `PUT\n${path}\n\n${before}${sha256}\n${after}\n${names}\n${sha256}`;
    const signature = hmac(first + hash("sha256", canonical)).toString("hex");
    return `PUT ${path} HTTP/1.1\r\n${sent.before}${sha256}\r\n${sent.after}authorization:${claim}${signature}\r\ncontent-length:${size}\r\n\r\n`;
  };
}

/** What the requests of a second have in common. */
interface Scope {
  readonly writer: Writer;
  readonly at: number;
  readonly day: string;
  /** The headers before and after the body's digest: as they are signed, and as they are sent. */
  readonly before: string;
  readonly after: string;
  readonly sent: { readonly before: string; readonly after: string };
  readonly names: string;
  readonly claim: string;
  readonly first: string;
  readonly hmac: Hmac;
}

function scope({
  writer,
  at,
  host,
  region,
  last,
}: Pick<Scope, "writer" | "at"> & {
  readonly host: string;
  readonly region: string;
  readonly last: Scope | undefined;
}): Scope {
  const time = timeOf(at);
  const day = time.slice(0, 8);
  const place = `${day}/${region}/s3/aws4_request`;
  const token = writer.sessionToken ? `x-amz-security-token:${writer.sessionToken}\n` : "";
  const names = `cache-control;host;x-amz-content-sha256;x-amz-date${token && ";x-amz-security-token"}`;
  const before = `cache-control:${LASTING}\nhost:${host}\nx-amz-content-sha256:`;
  const after = `x-amz-date:${time}\n${token}`;
  return {
    writer,
    at,
    day,
    before,
    after,
    sent: { before: before.replaceAll("\n", "\r\n"), after: after.replaceAll("\n", "\r\n") },
    names,
    claim: `AWS4-HMAC-SHA256 Credential=${writer.accessKeyId}/${place}, SignedHeaders=${names}, Signature=`,
    first: `AWS4-HMAC-SHA256\n${time}\n${place}\n`,
    hmac: last?.writer === writer && last.day === day ? last.hmac : signing(writer, day, region),
  };
}

/** `20260301T050607Z` */
const timeOf = (at: number): string => new Date(at * 1000).toISOString().replaceAll(/[:-]|\.\d{3}/g, "");

type Hmac = (text: string) => Buffer;

const signing = ({ secretAccessKey }: Writer, day: string, region: string): Hmac =>
  [day, region, "s3", "aws4_request"].reduce(
    (hmac, part) => hmacOf(hmac(part)),
    hmacOf(Buffer.from(`AWS4${secretAccessKey}`)),
  );

const BLOCK = 64;
const DIGEST = 32;

/** HMAC (RFC 2104) by two plain hashes: node's own takes its key apart anew each time. */
function hmacOf(key: Buffer): Hmac {
  const whole = Buffer.alloc(BLOCK);
  (key.length > BLOCK ? hash("sha256", key, "buffer") : key).copy(whole);
  const inner = whole.map((byte) => byte ^ 0x36);
  const outer = Buffer.concat([whole.map((byte) => byte ^ 0x5c), Buffer.alloc(DIGEST)]);
  return (text) => {
    const message = Buffer.allocUnsafe(BLOCK + Buffer.byteLength(text));
    message.set(inner);
    message.write(text, BLOCK);
    outer.set(hash("sha256", message, "buffer"), BLOCK);
    return hash("sha256", outer, "buffer");
  };
}
