import { mkdirSync } from "node:fs";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Build, Order, Project } from "./model.ts";

export interface BuildRecord {
  readonly build: Build;
  readonly order: Order;
}

const TABLES = `
  pragma journal_mode = wal;
  pragma synchronous = normal;
  create table if not exists projects (name text primary key, json text not null);
  create table if not exists builds (
    number integer primary key autoincrement,
    id text unique not null, project text not null, token text, started real not null,
    running integer not null, json text not null, wanted text not null);
  create index if not exists builds_of_project on builds (project, number);
  create index if not exists builds_running on builds (running, project);
  create table if not exists streams (stream text primary key, log_group text not null);
  create table if not exists lines (
    stream text, number integer, time integer not null, message text not null,
    primary key (stream, number)) without rowid;
`;

/** Opens the database of projects, builds and logs; what was written survives a kill of the process. */
export function openDatabase(dir: string): DatabaseSync {
  mkdirSync(dir, { recursive: true });
  const db = new DatabaseSync(path.join(dir, "codebuild.sqlite"));
  db.exec(TABLES);
  return db;
}

export type Store = ReturnType<typeof openStore>;

/** Projects and builds, kept. Times are epoch seconds. */
export const openStore = (db: DatabaseSync) => ({
  ...keptProjects(db),
  ...keptBuilds(db),
  ...listedBuilds(db),
});

function keptProjects(db: DatabaseSync) {
  const put = db.prepare("insert or replace into projects (name, json) values (?, ?)");
  const one = db.prepare("select json from projects where name = ?");
  const all = db.prepare("select name from projects order by name");

  return {
    project: (name: string): Project | undefined => projectOf(one.get(name)),
    projectNames: (): string[] => all.all().map((row) => String(row["name"])),
    saveProject: (project: Project): void => void put.run(project.name, JSON.stringify(project)),
  };
}

function keptBuilds(db: DatabaseSync) {
  const add = db.prepare(
    "insert into builds (id, project, token, started, running, json, wanted) values (?, ?, ?, ?, ?, ?, ?)",
  );
  const put = db.prepare("update builds set running = ?, json = ? where id = ?");
  const one = db.prepare("select json, wanted from builds where id = ?");
  const tokens = "select json, wanted from builds where project = ? and token = ? and started > ?";
  const byToken = db.prepare(`${tokens} order by number desc limit 1`);
  const unfinished = db.prepare("select json, wanted from builds where running = 1 order by number");

  return {
    build: (id: string): BuildRecord | undefined => recordOf(one.get(id)),
    addBuild: ({ build, order }: BuildRecord): void => {
      const { id, projectName, startTime } = build;
      const json = JSON.stringify(build);
      add.run(id, projectName, order.idempotencyToken ?? null, startTime, 1, json, JSON.stringify(order));
    },
    saveBuild: (build: Build): void =>
      void put.run(build.buildComplete ? 0 : 1, JSON.stringify(build), build.id),
    buildOfToken: (project: string, token: string, since: number): BuildRecord | undefined =>
      recordOf(byToken.get(project, token, since)),
    unfinished: (): BuildRecord[] => unfinished.all().flatMap((row) => recordOf(row) ?? []),
  };
}

function listedBuilds(db: DatabaseSync) {
  const running = db.prepare("select count(*) as n from builds where running = 1 and project = ?");
  const count = db.prepare("select count(*) as n from builds where project = ?");
  const page = (side: string, order: string) =>
    db.prepare(
      `select id, number from builds where project = ? and number ${side} ? order by number ${order} limit ?`,
    );
  const newestFirst = page("<", "desc");
  const oldestFirst = page(">", "asc");

  return {
    runningIn: (project: string): number => Number(running.get(project)?.["n"]),
    buildsIn: (project: string): number => Number(count.get(project)?.["n"]),

    /** A page of a project's build ids; `from` is where the last page ended. */
    buildIds: (
      project: string,
      { newest, from, limit }: { newest: boolean; from?: number | undefined; limit: number },
    ): { id: string; number: number }[] => {
      const rows = newest
        ? newestFirst.all(project, from ?? Number.MAX_SAFE_INTEGER, limit)
        : oldestFirst.all(project, from ?? 0, limit);
      return rows.map((row) => ({ id: String(row["id"]), number: Number(row["number"]) }));
    },
  };
}

// The columns hold what `save…` and `add…` wrote of these types.

function projectOf(row: Record<string, unknown> | undefined): Project | undefined {
  return row && JSON.parse(String(row["json"]));
}

function recordOf(row: Record<string, unknown> | undefined): BuildRecord | undefined {
  return row && { build: JSON.parse(String(row["json"])), order: JSON.parse(String(row["wanted"])) };
}
