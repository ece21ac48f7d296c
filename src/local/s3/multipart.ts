import { createHash, randomUUID } from "node:crypto";
import { z } from "zod";
import { bucketOf } from "./bucket.ts";
import { promisedChecksums } from "./checksums.ts";
import { checkWrite } from "./conditions.ts";
import { factsOf } from "./facts.ts";
import { versionHeader } from "./objects.ts";
import { readDocument } from "./payload.ts";
import { type Part, partsOf, removeUpload, uploadOf } from "./parts.ts";
import { notImplemented, refusal } from "./refusal.ts";
import { commit, currentOf, place } from "./versions.ts";
import type { Backend, Call, Reply } from "./wire.ts";
import { parseXml, xmlReply } from "./xml.ts";

const MIN_PART = 5 * 1024 ** 2;

export function createUpload(backend: Backend, { bucket, key, headers }: Call): Reply {
  bucketOf(backend.store, bucket);
  const id = randomUUID().replaceAll("-", "");
  const facts = JSON.stringify({ ...factsOf(headers), checksums: {} });
  backend.store.run("insert into upload values (?, ?, ?, ?, ?)", id, bucket, key, facts, backend.now());
  return xmlReply("InitiateMultipartUploadResult", { Bucket: bucket, Key: key, UploadId: id });
}

export function abortUpload(backend: Backend, call: Call): Reply {
  commit(backend, (loosened) => removeUpload(backend.store, uploadOf(backend.store, call).id, loosened));
  return { status: 204 };
}

const Document = z.object({
  CompleteMultipartUpload: z.object({
    Part: z.array(z.object({ PartNumber: z.coerce.number(), ETag: z.string() })).min(1),
  }),
});

/** CompleteMultipartUpload: the parts' files become the object's segments; no byte is moved. */
export async function completeUpload(backend: Backend, call: Call): Promise<Reply> {
  uploadOf(backend.store, call);
  // Here they are the object's, not the document's, and would have to be read off all its bytes.
  if (promisedChecksums(call.headers).length > 0) throw notImplemented("checksums of completed uploads");
  const document = Document.safeParse(parseXml(await readDocument(call)));
  if (!document.success) throw refusal(400, "MalformedXML");
  const wanted = document.data.CompleteMultipartUpload.Part;
  const { bucket: name, key } = call;
  const { etag, version } = commit(backend, (loosened) => {
    const bucket = bucketOf(backend.store, name);
    const upload = uploadOf(backend.store, call);
    const parts = chosenParts(partsOf(backend.store, upload.id), wanted);
    checkWrite(call.headers, currentOf(backend.store, name, key), key);
    const size = parts.reduce((sum, part) => sum + part.size, 0);
    const etag = etagOf(parts);
    removeUpload(backend.store, upload.id, loosened);
    const fresh = { key, size, etag, facts: upload.facts, segments: parts.filter((part) => part.size > 0) };
    return { etag, version: place(backend, { bucket, loosened }, fresh) };
  });
  const content = { Location: `/${name}/${key}`, Bucket: name, Key: key, ETag: `"${etag}"` };
  return xmlReply("CompleteMultipartUploadResult", content, versionHeader(version));
}

interface Wanted {
  readonly PartNumber: number;
  readonly ETag: string;
}

function chosenParts(parts: readonly Part[], wanted: readonly Wanted[]): readonly Part[] {
  const known = new Map(parts.map((part) => [part.number, part]));
  return wanted.map(({ PartNumber, ETag }, index) => {
    const part = known.get(PartNumber);
    if (!part || part.etag !== ETag.replaceAll('"', "")) {
      const message = "One or more of the specified parts could not be found.";
      throw refusal(400, "InvalidPart", { message });
    }
    const before = wanted[index - 1];
    if (before && before.PartNumber >= PartNumber) throw refusal(400, "InvalidPartOrder");
    if (part.size < MIN_PART && index < wanted.length - 1) {
      const message = "Your proposed upload is smaller than the minimum allowed size";
      throw refusal(400, "EntityTooSmall", { message });
    }
    return part;
  });
}

/** The MD5 of the parts' MD5s, and how many there were. */
function etagOf(parts: readonly Part[]): string {
  const hash = createHash("md5");
  for (const part of parts) hash.update(Buffer.from(part.etag, "hex"));
  return `${hash.digest("hex")}-${parts.length}`;
}
