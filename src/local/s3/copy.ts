import { decodePath, placeOf } from "./address.ts";
import { bucketOf } from "./bucket.ts";
import { checkSource, checkWrite } from "./conditions.ts";
import { factsOf } from "./facts.ts";
import { versionHeader } from "./objects.ts";
import { readable } from "./read-object.ts";
import { refusal } from "./refusal.ts";
import type { Store } from "./store.ts";
import { commit, currentOf, type Facts, place, segmentsOf, type Version } from "./versions.ts";
import type { Backend, Call, Reply } from "./wire.ts";
import { xmlReply } from "./xml.ts";

/** CopyObject: another row for the same bytes. */
export function copyObject(backend: Backend, call: Call): Reply {
  const { store } = backend;
  const { version, etag } = commit(backend, (loosened) => {
    const bucket = bucketOf(store, call.bucket);
    const source = sourceOf(store, call);
    const facts = copiedFacts(call, source);
    checkWrite(call.headers, currentOf(store, call.bucket, call.key), call.key);
    const { size, etag } = source;
    const fresh = { key: call.key, size, etag, facts, segments: segmentsOf(store, source) };
    return { version: place(backend, { bucket, loosened }, fresh), etag };
  });
  const content = { ETag: `"${etag}"`, LastModified: new Date(backend.now()).toISOString() };
  return xmlReply("CopyObjectResult", content, versionHeader(version));
}

/** The version that `x-amz-copy-source` names, if its conditions hold. */
export function sourceOf(store: Store, { headers }: Pick<Call, "headers">): Version {
  const [path = "", query = ""] = (headers["x-amz-copy-source"] ?? "").replace(/^\//, "").split("?");
  const from = placeOf(decodePath(path));
  bucketOf(store, from.bucket);
  const source = readable(store, { ...from, query: new URLSearchParams(query) });
  checkSource(headers, source);
  return source;
}

function copiedFacts(call: Call, source: Version): Facts {
  const { headers } = call;
  const fresh = { ...factsOf(headers), checksums: source.facts.checksums };
  const replaces = headers["x-amz-metadata-directive"] === "REPLACE";
  const named = decodePath((headers["x-amz-copy-source"] ?? "").replace(/^\//, ""));
  if (!replaces && named === `${call.bucket}/${call.key}`) {
    const message =
      "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata.";
    throw refusal(400, "InvalidRequest", { message });
  }
  return {
    checksums: source.facts.checksums,
    headers: replaces ? fresh.headers : source.facts.headers,
    tags: headers["x-amz-tagging-directive"] === "REPLACE" ? fresh.tags : source.facts.tags,
  };
}
