import type { Readable } from "node:stream";
import type { Files } from "./files.ts";
import type { Store } from "./store.ts";

/** One request, read off the wire but for its body. */
export interface Call {
  readonly method: string;
  /** Decoded; a raw `+` was a space, as on S3. Empty: no bucket was named. */
  readonly bucket: string;
  /** Decoded; empty: the bucket itself is meant. */
  readonly key: string;
  readonly query: URLSearchParams;
  /** By lower-case name, with what a presigned URL carries as `x-amz-*` in its query. */
  readonly headers: Readonly<Record<string, string>>;
  /** The bytes as they were sent. */
  readonly body: AsyncIterable<Uint8Array>;
}

export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Readable;
}

/** What every operation works on. */
export interface Backend {
  readonly store: Store;
  readonly files: Files;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export type Handler = (backend: Backend, call: Call) => Reply | Promise<Reply>;

/** An operation by the SDK's name for it. */
export interface Operation {
  readonly name: string;
  readonly bucket: string;
  readonly key: string;
}
