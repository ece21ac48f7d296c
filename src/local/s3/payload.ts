import { decodeAwsChunked } from "./aws-chunked.ts";
import { meterOf, promisedChecksums } from "./checksums.ts";
import { notImplemented, refusal } from "./refusal.ts";
import type { Backend, Call } from "./wire.ts";

const MAX_PUT = 5 * 1024 ** 3;
const MAX_DOCUMENT = 4 * 1024 ** 2;

/** A body that was checked against everything its request promised, and kept as a file. */
export interface Received {
  readonly file: string;
  readonly size: number;
  /** Hex. */
  readonly md5: string;
  /** Base64 by algorithm. */
  readonly checksums: Readonly<Record<string, string>>;
}

export async function receive(backend: Backend, call: Call): Promise<Received> {
  const { bytes, told } = checked(call);
  const file = await backend.files.keep(bytes);
  return { file, ...told() };
}

/** A small body (a document) as text. */
export async function readDocument(call: Call): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of checked(call).bytes) {
    size += part.length;
    if (size > MAX_DOCUMENT) throw refusal(400, "MaxMessageLengthExceeded");
    parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8");
}

function checked(call: Call) {
  const trailer: Record<string, string> = {};
  const expected = expectedSize(call);
  const body = isAwsChunked(call)
    ? decodeAwsChunked(call.body, (name, value) => void (trailer[name] = value))
    : call.body;
  const measured = measure(body, promisedChecksums(call.headers), call.headers["x-amz-content-sha256"]);
  async function* bytes(): AsyncGenerator<Uint8Array> {
    yield* measured.bytes;
    if (measured.told().size !== expected) throw refusal(400, "IncompleteBody");
    verify(measured.told(), { ...call.headers, ...trailer });
  }
  const told = (): Measures => measured.told();
  return { bytes: bytes(), told };
}

function isAwsChunked({ headers }: Call): boolean {
  const sent = headers["x-amz-content-sha256"] ?? "";
  if (sent.startsWith("STREAMING-AWS4-")) throw notImplemented("signatures of single chunks");
  return sent === "STREAMING-UNSIGNED-PAYLOAD-TRAILER";
}

function expectedSize({ headers }: Call): number {
  const length = headers["x-amz-decoded-content-length"] ?? headers["content-length"];
  if (length === undefined || !/^\d+$/.test(length)) throw refusal(411, "MissingContentLength");
  if (Number(length) > MAX_PUT) throw refusal(400, "EntityTooLarge");
  return Number(length);
}

interface Measures extends Omit<Received, "file"> {
  /** Hex, where the request names it. */
  readonly sha256: string | undefined;
}

/** Sums up a body while it passes. */
export function measure(body: AsyncIterable<Uint8Array>, algorithms: readonly string[], sha256?: string) {
  const md5 = meterOf("md5");
  const payload = sha256 !== undefined && /^[0-9a-f]{64}$/.test(sha256) ? meterOf("sha256") : undefined;
  const meters = new Map(algorithms.map((algorithm) => [algorithm, meterOf(algorithm)]));
  const all = [md5, ...(payload ? [payload] : []), ...meters.values()];
  let size = 0;
  let told: Measures | undefined;

  async function* bytes(): AsyncGenerator<Uint8Array> {
    for await (const chunk of body) {
      size += chunk.length;
      for (const meter of all) meter.update(chunk);
      yield chunk;
    }
  }
  return {
    bytes: bytes(),
    told: () =>
      (told ??= {
        size,
        md5: md5.digest().toString("hex"),
        sha256: payload?.digest().toString("hex"),
        checksums: Object.fromEntries(
          [...meters].map(([algorithm, meter]) => [algorithm, meter.digest().toString("base64")]),
        ),
      }),
  };
}

/** Holds what came to what was promised in headers, trailers or form fields. */
export function verify(told: Measures, promised: Readonly<Record<string, string>>): void {
  if (told.sha256 !== undefined && told.sha256 !== promised["x-amz-content-sha256"]) {
    throw refusal(400, "XAmzContentSHA256Mismatch");
  }
  const md5 = Buffer.from(told.md5, "hex").toString("base64");
  if ((promised["content-md5"] ?? md5) !== md5) throw badDigest("Content-MD5");
  for (const [algorithm, sum] of Object.entries(told.checksums)) {
    if (promised[`x-amz-checksum-${algorithm}`] !== sum) throw badDigest(algorithm.toUpperCase());
  }
}

const badDigest = (name: string): Error =>
  refusal(400, "BadDigest", { message: `The ${name} you specified did not match what we received.` });
