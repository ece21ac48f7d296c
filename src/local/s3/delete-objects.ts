import { z } from "zod";
import { bucketOf } from "./bucket.ts";
import { remove } from "./objects.ts";
import { readDocument } from "./payload.ts";
import { isRefusal, refusal } from "./refusal.ts";
import type { Backend, Call, Reply } from "./wire.ts";
import { parseXml, xmlReply } from "./xml.ts";

const Item = z.object({
  Key: z.string(),
  VersionId: z.optional(z.string()),
  ETag: z.optional(z.string()),
});

const Document = z.object({
  Delete: z.object({ Object: z.array(Item).max(1000), Quiet: z.optional(z.string()) }),
});

/** DeleteObjects: each by itself, and an answer for each. */
export async function deleteObjects(backend: Backend, call: Call): Promise<Reply> {
  bucketOf(backend.store, call.bucket);
  const document = Document.safeParse(parseXml(await readDocument(call)));
  if (!document.success) throw refusal(400, "MalformedXML");
  const { Object: items, Quiet } = document.data.Delete;
  const results = items.map((item) => removeOne(backend, call.bucket, item));
  return xmlReply("DeleteResult", {
    Deleted: Quiet === "true" ? [] : results.flatMap(({ deleted }) => deleted ?? []),
    Error: results.flatMap(({ error }) => error ?? []),
  });
}

interface Result {
  readonly deleted?: object;
  readonly error?: object;
}

function removeOne(backend: Backend, bucket: string, item: z.infer<typeof Item>): Result {
  const { Key: key, VersionId: version, ETag: etag } = item;
  const named = version === undefined ? { Key: key } : { Key: key, VersionId: version };
  try {
    const headers: Record<string, string> = etag === undefined ? {} : { "if-match": etag };
    const gone = remove(backend, bucket, { key, version, headers });
    const marker = { DeleteMarker: true, DeleteMarkerVersionId: gone.version };
    return { deleted: gone.marker ? { ...named, ...marker } : named };
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return { error: { ...named, Code: error.code, Message: error.message } };
  }
}
