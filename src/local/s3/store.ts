import { DatabaseSync, type SQLInputValue, type SQLOutputValue, type StatementSync } from "node:sqlite";

type Row = Record<string, SQLOutputValue>;

/** The rows: which buckets, objects and uploads there are, and which files hold their bytes. */
export interface Store {
  one(sql: string, ...values: SQLInputValue[]): Row | undefined;
  all(sql: string, ...values: SQLInputValue[]): readonly Row[];
  run(sql: string, ...values: SQLInputValue[]): void;
  /** All or nothing, and on disk when it returns. */
  atomically<T>(work: () => T): T;
  close(): void;
}

// A key compares by its UTF-8 bytes: SQLite's default collation, and S3's order.
const SCHEMA = `
  create table if not exists bucket (
    name text primary key, created integer not null, versioning text not null, settings text not null
  ) strict, without rowid;
  create table if not exists object (
    seq integer primary key autoincrement, bucket text not null, key text not null, version text not null,
    latest integer not null, marker integer not null, size integer not null, etag text not null,
    modified integer not null, facts text not null
  ) strict;
  create unique index if not exists object_version on object (bucket, key, version);
  create unique index if not exists object_latest on object (bucket, key) where latest = 1;
  create table if not exists segment (
    object integer not null, position integer not null, file text not null, size integer not null,
    primary key (object, position)
  ) strict, without rowid;
  create index if not exists segment_file on segment (file);
  create table if not exists upload (
    id text primary key, bucket text not null, key text not null, facts text not null, started integer not null
  ) strict, without rowid;
  create table if not exists part (
    upload text not null, number integer not null, file text not null, size integer not null,
    etag text not null, checksums text not null, modified integer not null, primary key (upload, number)
  ) strict, without rowid;
  create index if not exists part_file on part (file);`;

/** Opens the database for this process alone: a second server would sweep away our uploads. */
export function openStore(path: string): Store {
  const db = new DatabaseSync(path);
  try {
    db.exec("pragma locking_mode = exclusive; pragma journal_mode = wal; pragma synchronous = full;");
    db.exec(SCHEMA);
  } catch (cause) {
    db.close();
    throw new Error(`cannot open ${path}: is another server running on it?`, { cause });
  }
  const prepared = new Map<string, StatementSync>();
  function statement(sql: string): StatementSync {
    const known = prepared.get(sql) ?? db.prepare(sql);
    prepared.set(sql, known);
    return known;
  }
  return {
    one: (sql, ...values) => statement(sql).get(...values),
    all: (sql, ...values) => statement(sql).all(...values),
    run: (sql, ...values) => void statement(sql).run(...values),
    atomically(work) {
      db.exec("begin immediate");
      try {
        const result = work();
        db.exec("commit");
        return result;
      } catch (error) {
        db.exec("rollback");
        throw error;
      }
    },
    close: () => db.close(),
  };
}

/** Does any row still name this file? */
export const isFileKnown = (store: Store, file: string): boolean =>
  store.one("select 1 from segment where file = ?", file) !== undefined ||
  store.one("select 1 from part where file = ?", file) !== undefined;
