import type { Letter } from "./bot/letter.ts";
import type { Digests } from "./pipelines/service/sums.ts";
import type { Tag, Upstream } from "./pipelines/service/upstream.ts";
import type { At } from "./ports-github.ts";

/** All we need of the world. Every platform offers these; nothing else crosses the border. */

export interface Versioned<T> {
  readonly value: T;
  /** Opaque; changes with every write (on S3: the ETag). */
  readonly version: string;
}

/** JSON records with compare-and-swap; `false` says somebody was faster. */
export interface Records<T> {
  read(key: string): Promise<Versioned<T> | undefined>;
  /** Writes only if nothing is there (`If-None-Match: *`). */
  create(key: string, value: T): Promise<boolean>;
  /** Writes only over the version that was read (`If-Match`). */
  replace(key: string, value: T, version: string): Promise<boolean>;
}

/** A form that lets its bearer add files below one prefix and nothing else (S3's presigned POST). */
export interface UploadForm {
  readonly url: string;
  /** In this order before the `file` field; `key` ends in `${filename}`. */
  readonly fields: Readonly<Record<string, string>>;
}

export interface Blobs {
  put(key: string, body: string | Uint8Array): Promise<void>;
  /** Writes only if nothing is there; `false` says it is. */
  create(key: string, body: string | Uint8Array): Promise<boolean>;
  get(key: string): Promise<Versioned<Uint8Array> | undefined>;
  /** Keys and sizes in bytes below a prefix, in S3's order (UTF-8 bytes). */
  list(prefix: string): Promise<readonly { readonly key: string; readonly size: number }[]>;
  /** Deletes; with a version only that one, and `false` says it has changed since. */
  remove(key: string, version?: string): Promise<boolean>;
  /** An address that reads this one object without credentials for so many seconds. */
  lend(key: string, seconds: number): Promise<string>;
  /** A form that adds files below `prefix`, each of at most `bytes`, for so many seconds. */
  admit(prefix: string, limits: { readonly bytes: number; readonly seconds: number }): Promise<UploadForm>;
}

export interface Queue<Message> {
  /** FIFO queues keep order within `group` and drop a second message with the same `once` for five minutes. */
  send(message: Message, fifo?: { readonly group: string; readonly once: string }): Promise<void>;
}

/** What is asked of CodeBuild for one attempt. */
export interface BuildOrder {
  /** Pool: the CodeBuild project without the deployment's prefix. */
  readonly pool: string;
  /** `attemptId` of the attempt: carried in the build's environment as MILLWRIGHT_JOB. */
  readonly attempt: string;
  /** Address of the manifest: carried as MILLWRIGHT_MANIFEST. */
  readonly manifest: string;
  /** The build root as a container image; absent: the project's own. */
  readonly image?: string | undefined;
  readonly timeoutMinutes: number;
}

export type Started =
  | { readonly kind: "started"; readonly build: string }
  /** The project's `concurrentBuildLimit` (or the account's) is reached. */
  | { readonly kind: "no-slot" }
  /** CodeBuild asks to slow down. */
  | { readonly kind: "throttled" };

export type BuildStatus = "IN_PROGRESS" | "SUCCEEDED" | "FAILED" | "FAULT" | "TIMED_OUT" | "STOPPED";

/** What CodeBuild says of a build when asked (BatchGetBuilds). Times are ISO 8601. */
export interface BuildNews {
  readonly build: string;
  readonly attempt: string;
  readonly pool: string;
  readonly status: BuildStatus;
  readonly phase: string;
  /** The phase that failed and CodeBuild's words for it. */
  readonly failure?: { readonly phase: string; readonly message: string } | undefined;
  readonly startedAt: string;
  readonly endedAt?: string | undefined;
}

export interface Builder {
  /** Starting the same attempt twice within five minutes gives the same build (idempotency token). */
  start(order: BuildOrder): Promise<Started>;
  /** The build of this attempt if there is one, newest first; looked for among the pool's recent builds. */
  find(order: Pick<BuildOrder, "pool" | "attempt">): Promise<string | undefined>;
  look(builds: readonly string[]): Promise<readonly BuildNews[]>;
  stop(build: string): Promise<void>;
  /** The whole log as text, or its last `bytes` if it is longer. */
  log(build: string, bytes: number): Promise<string>;
}

/** Signs digests with a key that never leaves its keeper (KMS): RSA by PKCS#1 v1.5, or ECDSA on P-256 in DER; SHA-256. */
export interface Signer {
  /** DER of the SubjectPublicKeyInfo. */
  publicKey(): Promise<Uint8Array>;
  /** `digest`: 32 bytes of SHA-256. */
  sign(digest: Uint8Array): Promise<Uint8Array>;
}

/** Now, as ISO 8601 in UTC. */
export type Clock = () => string;

/** SHA-256 of bytes, or of a text in UTF-8, in hex. */
export type Digest = (of: string | Uint8Array) => string;

/** One line of JSON: a static message and facts. */
export type Log = (message: string, facts: Readonly<Record<string, unknown>>) => void;

/** Finds a whole text by an expression (RE2), and tells its groups; `undefined`: it is another text. */
export type Expression = (text: string) => readonly string[] | undefined;

/** What upstreams tell of their releases, and of addresses there. Throws where asking later may help. */
export interface Upstreams {
  /** `at`: for whom it is asked. `etag`: what came with the last answer; `unchanged` then says that it still holds. */
  releases(
    at: At,
    upstream: Upstream,
    etag?: string,
  ): Promise<{ readonly tags: readonly Tag[]; readonly etag?: string | undefined } | "unchanged">;
  /** Why nothing can be fetched from an address; `undefined`: it can. */
  reach(address: string): Promise<string | undefined>;
  /** The digests of what is at an address, or why they cannot be had from there; of no more than 64 MiB. */
  digests(address: string): Promise<Digests | string>;
  /** Reads an expression of a repository's; `undefined`: it is none. */
  expression(pattern: string): Expression | undefined;
}

export interface Mail {
  /** Gives the message id under which it travels: a mail service may put its own in the place of ours. */
  send(letter: Letter): Promise<string>;
}
