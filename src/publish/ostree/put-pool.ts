import { hash } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import type { S3Client } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { openLine } from "./put-line.ts";
import type { Line } from "./put-line.ts";
import { putSigner } from "./put-signature.ts";

/** Where objects go that never change once they are there, many of them and small. */
export interface Shelf {
  /** Gives the SHA-256 of what was written, in hex. */
  put(key: string, body: Uint8Array): Promise<string>;
}

const ATTEMPTS = 6;

/** Writes below `prefix` in a bucket: the SDK says where and who we are, the requests are our own. An object costs a tenth of
 *  what the SDK spends on it, and a tree has tens of thousands of them. Close it when all is written. */
export async function putPool(
  s3: S3Client,
  { bucket, prefix }: { readonly bucket: string; readonly prefix: string },
): Promise<Shelf & AsyncDisposable> {
  // How a bucket is addressed is the SDK's knowledge: its name may stand in the host or in the path.
  const address = new URL(await getSignedUrl(s3, new PutObjectCommand({ Bucket: bucket, Key: "x" })));
  const sign = putSigner(address.host, await s3.config.region());
  const root = `${address.pathname.slice(0, -1)}${encoded(prefix)}/`;
  const idle: Line[] = [];
  const once = async (path: string, body: Uint8Array, sha256: string): Promise<number> => {
    const line = usable(idle) ?? openLine(address);
    const about = { size: body.length, sha256, at: Math.floor(Date.now() / 1000) };
    const head = sign(await s3.config.credentials(), path, about);
    const status = await line.ask(head, body);
    if (line.isOpen()) idle.push(line);
    return status;
  };
  return {
    async put(key, body) {
      const sha256 = hash("sha256", body);
      for (let attempt = 1; ; attempt += 1) {
        const status = await once(root + encoded(key), body, sha256).catch((error: unknown) => error);
        if (status === 200) return sha256;
        if (attempt === ATTEMPTS || !isPassing(status)) throw refusal(key, status);
        await setTimeout(50 * 2 ** attempt);
      }
    },
    [Symbol.asyncDispose]: async () => idle.forEach((line) => line.close()),
  };
}

/** The other side closes what it has not heard of for a while. */
function usable(idle: Line[]): Line | undefined {
  for (let line = idle.pop(); line; line = idle.pop()) if (line.isOpen()) return line;
  return undefined;
}

/** Most keys are plain. */
const encoded = (key: string): string =>
  /^[\w./-]*$/.test(key) ? key : key.split("/").map(encodeURIComponent).join("/");

/** Broken connections, "slow down" and another write under way pass. */
const isPassing = (status: unknown): boolean =>
  typeof status !== "number" || status >= 500 || status === 409 || status === 429;

const refusal = (key: string, status: unknown): Error =>
  typeof status === "number"
    ? new Error(`S3 answered ${status} to ${key}.`)
    : new Error(`${key} could not be written.`, { cause: status });
