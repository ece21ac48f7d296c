import { bucketOf } from "./bucket.ts";
import { keyEncoder, limitOf } from "./listing.ts";
import { notImplemented } from "./refusal.ts";
import { Version } from "./versions.ts";
import type { Backend, Call, Reply } from "./wire.ts";
import { xmlReply } from "./xml.ts";

/** ListObjectVersions: every version and delete marker, newest first within a key. */
export function listVersions({ store }: Backend, { bucket, query }: Call): Reply {
  bucketOf(store, bucket);
  if (query.has("delimiter")) throw notImplemented("a delimiter for versions");
  const prefix = query.get("prefix") ?? "";
  const limit = limitOf(query, "max-keys");
  const after = { key: query.get("key-marker") ?? "", version: query.get("version-id-marker") ?? "" };
  // Without a version the marker's key is done; with one, its older versions follow.
  const rows = store.all(
    `select * from object where bucket = ?1 and key >= ?2 and (key > ?3 or (key = ?3 and ?4 <> '' and seq <
       (select seq from object where bucket = ?1 and key = ?3 and version = ?4)))
     order by key, seq desc limit ?5`,
    bucket,
    prefix,
    after.key,
    after.version,
    limit + 1,
  );
  const found = rows.map((row) => Version.parse(row)).filter(({ key }) => key.startsWith(prefix));
  const page = found.slice(0, limit);
  const last = found.length > limit ? page.at(-1) : undefined;
  const shown = keyEncoder(query);
  return xmlReply("ListVersionsResult", {
    Name: bucket,
    Prefix: shown(prefix),
    MaxKeys: limit,
    IsTruncated: last !== undefined,
    ...(last ? { NextKeyMarker: shown(last.key), NextVersionIdMarker: last.version } : {}),
    ...(query.has("encoding-type") ? { EncodingType: "url" } : {}),
    Version: page
      .filter(({ marker }) => !marker)
      .map((version) => ({
        ...entryOf(version, shown),
        ETag: `"${version.etag}"`,
        Size: version.size,
        StorageClass: "STANDARD",
      })),
    DeleteMarker: page.filter(({ marker }) => marker).map((version) => entryOf(version, shown)),
  });
}

const entryOf = (version: Version, shown: (key: string) => string) => ({
  Key: shown(version.key),
  VersionId: version.version,
  IsLatest: version.latest,
  LastModified: new Date(version.modified).toISOString(),
});
