import { bucketOf } from "./bucket.ts";
import { checkWrite } from "./conditions.ts";
import { checksumHeaders, factsOf } from "./facts.ts";
import { type Received, receive } from "./payload.ts";
import { commit, commitFile, currentOf, erase, place, promote, versionOf } from "./versions.ts";
import type { Backend, Call, Reply } from "./wire.ts";

export async function putObject(backend: Backend, call: Call): Promise<Reply> {
  bucketOf(backend.store, call.bucket);
  const facts = factsOf(call.headers);
  const received = await receive(backend, call);
  return { status: 200, headers: storeReceived(backend, call, { received, facts }) };
}

/** Makes received bytes the current version, if the conditions hold at that very moment. */
export function storeReceived(
  backend: Backend,
  { bucket: name, key, headers }: Pick<Call, "bucket" | "key" | "headers">,
  { received, facts }: { received: Received; facts: ReturnType<typeof factsOf> },
): Record<string, string> {
  const { file, size, md5, checksums } = received;
  const version = commitFile(backend, file, (loosened) => {
    const bucket = bucketOf(backend.store, name);
    checkWrite(headers, currentOf(backend.store, name, key), key);
    const segments = size === 0 ? [] : [{ file, size }];
    if (size === 0) loosened.push(file);
    return place(
      backend,
      { bucket, loosened },
      { key, size, etag: md5, segments, facts: { ...facts, checksums } },
    );
  });
  return { etag: `"${md5}"`, ...checksumHeaders({ checksums }), ...versionHeader(version) };
}

export const versionHeader = (version: string | undefined): Record<string, string> =>
  version === undefined ? {} : { "x-amz-version-id": version };

export function deleteObject(backend: Backend, { bucket, key, query, headers }: Call): Reply {
  const gone = remove(backend, bucket, { key, version: query.get("versionId") ?? undefined, headers });
  return {
    status: 204,
    headers: {
      ...versionHeader(gone.version),
      ...(gone.marker ? { "x-amz-delete-marker": "true" } : {}),
    },
  };
}

interface Removal {
  readonly key: string;
  readonly version?: string | undefined;
  /** Where `If-Match` may stand. */
  readonly headers: Readonly<Record<string, string>>;
}

/** What was removed: a version for good, or, under versioning, the current one behind a new marker. */
interface Removed {
  readonly version: string | undefined;
  readonly marker: boolean;
}

export function remove(backend: Backend, name: string, removal: Removal): Removed {
  const { store } = backend;
  const { key } = removal;
  return commit(backend, (loosened) => {
    const bucket = bucketOf(store, name);
    const current = currentOf(store, name, key);
    checkWrite(removal.headers, current, key);
    if (removal.version !== undefined) {
      const old = versionOf(store, name, { key, version: removal.version });
      if (old) erase(store, old, loosened);
      if (old?.latest) promote(store, name, key);
      return { version: removal.version, marker: old?.marker ?? false };
    }
    if (bucket.versioning !== "") {
      const facts = { headers: {}, checksums: {}, tags: {} };
      const marker = { key, size: 0, etag: "", facts, segments: [], marker: true };
      return { version: place(backend, { bucket, loosened }, marker), marker: true };
    }
    if (current) erase(store, current, loosened);
    return { version: undefined, marker: false };
  });
}
