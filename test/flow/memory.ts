import type { Blobs, Queue, Records, UploadForm } from "../../src/ports.ts";

/** Ports in memory, for stories about flow/: the same promises as S3 and SQS make, without a wire. */

export function memoryRecords<T>(): Records<T> & { readonly all: Map<string, string> } {
  const all = new Map<string, string>();
  return {
    all,
    async read(key) {
      const body = all.get(key);
      return body === undefined ? undefined : { value: JSON.parse(body) as T, version: body };
    },
    async create(key, value) {
      if (all.has(key)) return false;
      all.set(key, JSON.stringify(value));
      return true;
    },
    async replace(key, value, version) {
      if (all.get(key) !== version) return false;
      all.set(key, JSON.stringify(value));
      return true;
    },
  };
}

/** Records that are blobs too, as in a bucket: what is listed and removed there. */
export function recordsIn<T>(blobs: Blobs): Records<T> {
  const bytes = (value: T) => new TextEncoder().encode(JSON.stringify(value));
  return {
    async read(key) {
      const there = await blobs.get(key);
      return (
        there && { value: JSON.parse(new TextDecoder().decode(there.value)) as T, version: there.version }
      );
    },
    create: (key, value) => blobs.create(key, bytes(value)),
    async replace(key, value, version) {
      if ((await blobs.get(key))?.version !== version) return false;
      await blobs.put(key, bytes(value));
      return true;
    },
  };
}

export function memoryBlobs(): Blobs & { readonly all: Map<string, Uint8Array> } {
  const all = new Map<string, Uint8Array>();
  const versions = new Map<string, number>();
  let count = 0;
  const put = (key: string, body: string | Uint8Array) => {
    all.set(key, typeof body === "string" ? new TextEncoder().encode(body) : body);
    versions.set(key, (count += 1));
  };
  return {
    all,
    async put(key, body) {
      put(key, body);
    },
    async create(key, body) {
      if (all.has(key)) return false;
      put(key, body);
      return true;
    },
    async get(key) {
      const value = all.get(key);
      return value && { value, version: String(versions.get(key)) };
    },
    async list(prefix) {
      return [...all]
        .filter(([key]) => key.startsWith(prefix))
        .map(([key, { length }]) => ({ key, size: length }))
        .toSorted((a, b) => (a.key < b.key ? -1 : 1));
    },
    async remove(key, version) {
      if (version !== undefined && String(versions.get(key)) !== version) return false;
      all.delete(key);
      return true;
    },
    lend: async (key) => `memory:${key}`,
    admit: async (prefix): Promise<UploadForm> => ({
      url: "memory:",
      fields: { key: `${prefix}\${filename}` },
    }),
  };
}

export function memoryQueue<M>(): Queue<M> & { readonly sent: M[] } {
  const sent: M[] = [];
  const once = new Set<string>();
  return {
    sent,
    async send(message, fifo) {
      if (fifo && once.has(fifo.once)) return;
      if (fifo) once.add(fifo.once);
      sent.push(message);
    },
  };
}
