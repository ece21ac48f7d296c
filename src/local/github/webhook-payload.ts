import { randomUUID } from "node:crypto";
import type { Json } from "./fill.ts";
import { nodeId } from "./node-ids.ts";
import { repositoryView } from "./repository-view.ts";
import type { Delivery, Installation, Repository, User } from "./state.ts";
import { userView } from "./users.ts";
import type { App, World } from "./world.ts";

export interface Event {
  readonly event: string;
  readonly action?: string;
  /** What is special to the event; repository, sender and installation are added. */
  readonly body: Json;
  readonly by: User;
  readonly repository?: Repository;
  /** Tell this app alone (what is said of its own checks). */
  readonly only?: number;
}

/** An event as one installation is told of it. */
export type ToldEvent = Event & { readonly installation?: Installation };

export const newDelivery = (world: World, app: App, event: ToldEvent): Delivery => ({
  id: world.nextId(),
  guid: randomUUID(),
  app: app.id,
  event: event.event,
  action: event.action ?? null,
  installation: event.installation?.id ?? null,
  repository: event.repository?.id ?? null,
  redelivery: false,
  deliveredAt: world.now(),
  duration: 0,
  status: "pending",
  statusCode: 0,
});

/** The whole payload: what is special, what is common, and what the schema requires besides. */
export const payloadOf = (world: World, event: ToldEvent): unknown => {
  const { repository, installation, action } = event;
  const partial = {
    ...(action ? { action } : {}),
    ...event.body,
    ...(repository ? { repository: repositoryOf(world, event.event, repository) } : {}),
    ...(installation && !event.event.startsWith("installation")
      ? { installation: { id: installation.id, node_id: nodeId("Installation", installation.id) } }
      : {}),
    sender: userView(world, event.by),
  };
  const schema = world.openapi.payload(event.event, action ?? null);
  return schema ? world.fill(schema, partial) : partial;
};

/** A push alone tells the times of its repository in seconds. */
const repositoryOf = (world: World, event: string, repository: Repository): Json => {
  const view = repositoryView(world, repository);
  if (event !== "push") return view;
  const seconds = (time: string): number => Math.floor(Date.parse(time) / 1000);
  return {
    ...view,
    master_branch: repository.defaultBranch,
    created_at: seconds(repository.createdAt),
    pushed_at: seconds(repository.pushedAt),
  };
};
