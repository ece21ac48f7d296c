import type { Clock, Log } from "../../ports.ts";
import type { CallLog } from "./api-calls.ts";
import type { Bare } from "./bare.ts";
import type { CountWrites } from "./content-limit.ts";
import type { Contract } from "./contract.ts";
import type { Fault } from "./faults.ts";
import type { Fill } from "./fill.ts";
import type { OpenApi } from "./openapi.ts";
import { found } from "./refusal.ts";
import type { Permissions, Repository, State, User } from "./state.ts";
import type { Webhooks } from "./webhooks.ts";

/** A GitHub App as registered; kept in memory, never on disk. */
export interface App {
  readonly id: number;
  readonly slug: string;
  /** PEM, SubjectPublicKeyInfo. */
  readonly publicKey: string;
  readonly webhookUrl: string;
  readonly webhookSecret: string;
  readonly permissions: Permissions;
  readonly events: readonly string[];
}

/** Everything an operation may reach. */
export interface World {
  readonly dir: string;
  readonly state: State;
  readonly apps: Map<number, App>;
  readonly urls: { readonly html: string; readonly api: string; readonly uploads: string };
  readonly now: Clock;
  readonly log: Log;
  readonly openapi: OpenApi;
  readonly fill: Fill;
  readonly contract: Contract;
  readonly faults: Fault[];
  readonly calls: CallLog;
  /** What every call of the API takes at least. */
  readonly latency: { ms: number };
  readonly countWrites: CountWrites;
  readonly webhooks: Webhooks;
  nextId(): number;
  /** Says that the state has changed. */
  touch(): void;
  bare(repository: Repository): Bare;
  /** One writer at a time per repository. */
  lock<T>(repository: number, work: () => Promise<T>): Promise<T>;
}

export const userById = (world: World, id: number): User =>
  found(
    world.state.users.find((user) => user.id === id),
    `no user ${id}`,
  );

export const userByLogin = (world: World, login: string): User | undefined =>
  world.state.users.find((user) => user.login.toLowerCase() === login.toLowerCase());

export const repositoryById = (world: World, id: number): Repository =>
  found(world.state.repositories.find((repository) => repository.id === id));

export const repositoryByName = (world: World, owner: string, name: string): Repository | undefined =>
  world.state.repositories.find(
    (repository) =>
      repository.name.toLowerCase() === name.toLowerCase() &&
      userById(world, repository.owner).login.toLowerCase() === owner.toLowerCase(),
  );

export const fullName = (world: World, repository: Repository): string =>
  `${userById(world, repository.owner).login}/${repository.name}`;

export const appById = (world: World, id: number): App => found(world.apps.get(id), `no app ${id}`);

/** The account an app acts as. */
export const botOf = (world: World, app: App): User => found(userByLogin(world, `${app.slug}[bot]`));
