import { createReadStream } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import type { PutObjectCommandInput, S3Client } from "@aws-sdk/client-s3";
import { statusOf } from "../platform/aws/conditional-put.ts";
import type { Body, Mirror } from "./mirror.ts";

/** A channel's place on the mirror, as a bucket with conditional writes. */
export function s3Mirror(s3: S3Client, place: { readonly bucket: string; readonly prefix: string }): Mirror {
  const at = (key: string) => ({ Bucket: place.bucket, Key: `${place.prefix}/${key}` });
  const write = async (key: string, body: Body, condition: Condition): Promise<boolean> =>
    conditionally(() =>
      s3.send(new PutObjectCommand({ ...at(key), ...described(key), ...content(body), ...condition })),
    );
  return {
    async get(key) {
      try {
        const { Body: body, ETag: version } = await s3.send(new GetObjectCommand(at(key)));
        if (!body || version === undefined) throw new Error(`S3 answered without a body for ${key}.`);
        return { value: await body.transformToByteArray(), version };
      } catch (error) {
        if (statusOf(error) === 404) return undefined;
        throw error;
      }
    },
    create: (key, body) => write(key, body, { IfNoneMatch: "*" }),
    replace: (key, body, version) => write(key, body, { IfMatch: version }),
    async put(key, body) {
      await write(key, body, {});
    },
  };
}

type Condition = Pick<PutObjectCommandInput, "IfNoneMatch" | "IfMatch">;

/** 412 says that the condition does not hold; 409 that another write is under way and must be waited for. After a lost
 *  answer a writer hears 412 of its own write: whoever cares looks at what is there, which here tells whose it is. */
async function conditionally(send: () => Promise<unknown>): Promise<boolean> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await send();
      return true;
    } catch (error) {
      const code = statusOf(error) ?? 0;
      if (code === 412) return false;
      if (attempt === ATTEMPTS || (code !== 409 && code < 500)) throw error;
      await setTimeout(attempt * 200);
    }
  }
}

const ATTEMPTS = 5;

function content(body: Body): Partial<PutObjectCommandInput> {
  if (body instanceof Uint8Array) return { Body: body };
  return {
    Body: createReadStream(body.file),
    ContentLength: body.size,
    ChecksumSHA256: Buffer.from(body.sha256, "hex").toString("base64"),
  };
}

/** Snapshots and the pool never change; all else is looked up often. */
function described(key: string): Partial<PutObjectCommandInput> {
  const lasting = /\/(?:pool|snapshots)\//.test(key);
  const ending = key.slice(key.lastIndexOf(".") + 1);
  return {
    CacheControl: lasting ? "public, max-age=31536000, immutable" : "public, max-age=30",
    ContentType: TYPES[ending] ?? "text/plain; charset=utf-8",
  };
}

const TYPES: Readonly<Record<string, string>> = {
  rpm: "application/x-rpm",
  xml: "application/xml",
  gz: "application/gzip",
  json: "application/json",
  atom: "application/atom+xml",
  ics: "text/calendar; charset=utf-8",
};
