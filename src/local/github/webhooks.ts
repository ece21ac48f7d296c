import { deliveryFiles } from "./delivery-files.ts";
import { covers } from "./permissions.ts";
import { postWebhook } from "./post-webhook.ts";
import type { Delivery, Installation } from "./state.ts";
import { newDelivery, payloadOf, type Event, type ToldEvent } from "./webhook-payload.ts";
import type { App, World } from "./world.ts";

export interface Webhooks {
  /** Tells every app that is installed and listens. */
  emit(world: World, event: Event): Promise<void>;
  /** Tells one app, wherever it is installed. */
  tell(world: World, app: App, event: ToldEvent): Promise<void>;
  /** Sends a delivery once more, with the same GUID. */
  again(world: World, delivery: Delivery): Promise<void>;
  /** Keeps deliveries back from now on. */
  hold(): void;
  /** What is kept back, oldest first. */
  held(): readonly Delivery[];
  /** Sends what is kept back, one after the other: all of it, or what is given, in that order, repeats included. */
  release(world: World, chosen?: readonly Delivery[]): Promise<void>;
  /** Waits for all deliveries that are under way. */
  settled(): Promise<void>;
}

export const webhooks = (dir: string): Webhooks => {
  const files = deliveryFiles(dir);
  const sender = backgroundSender((world, delivery) => send(files, world, delivery));
  let kept: Delivery[] = [];
  let holding = false;

  const enter = async (world: World, delivery: Delivery, payload: unknown): Promise<void> => {
    await files.write(delivery.id, { payload, headers: null, answer: null });
    world.state.deliveries.push(delivery);
    await files.forget(world.state.deliveries);
    world.touch();
    if (holding) kept.push(delivery);
    else sender.start(world, delivery);
  };
  const tell: Webhooks["tell"] = async (world, app, event) => {
    if (app.webhookUrl === "") return;
    const payload = payloadOf(world, event);
    world.contract.webhook(event.event, event.action ?? null, payload);
    await enter(world, newDelivery(world, app, event), payload);
  };
  return {
    tell,
    emit: async (world, event) => {
      for (const { app, installation } of listeners(world, event))
        await tell(world, app, { ...event, installation });
    },
    again: async (world, delivery) => {
      const { payload } = await files.read(delivery.id);
      const next = {
        ...delivery,
        id: world.nextId(),
        redelivery: true,
        deliveredAt: world.now(),
        status: "pending",
      };
      await enter(world, next, payload);
    },
    hold: () => void (holding = true),
    held: () => [...kept],
    release: async (world, chosen) => {
      const list = chosen ?? kept;
      kept = [];
      holding = false;
      for (const delivery of list) await send(files, world, delivery);
    },
    settled: sender.settled,
  };
};

/** What an app must be allowed to read before it may subscribe to an event. */
const neededToHear: Readonly<Record<string, string>> = { merge_group: "merge_queues" };

const subscribes = (app: App, event: string): boolean => {
  const needed = neededToHear[event];
  return app.events.includes(event) && (needed === undefined || app.permissions[needed] !== undefined);
};

const listeners = (world: World, event: Event): readonly { app: App; installation: Installation }[] =>
  world.state.installations.flatMap((installation) => {
    const app = world.apps.get(installation.app);
    const hears = event.only === undefined ? app && subscribes(app, event.event) : event.only === app?.id;
    const reached = !event.repository || covers(installation, event.repository);
    return app && hears && reached && !installation.suspendedAt ? [{ app, installation }] : [];
  });

const send = async (
  files: ReturnType<typeof deliveryFiles>,
  world: World,
  delivery: Delivery,
): Promise<void> => {
  const app = world.apps.get(delivery.app);
  if (!app) return;
  const { payload } = await files.read(delivery.id);
  const outcome = await postWebhook(app, delivery, payload);
  delivery.duration = outcome.duration;
  delivery.status = outcome.status;
  delivery.statusCode = outcome.code;
  await files.write(delivery.id, { payload, headers: outcome.headers, answer: outcome.answer });
  world.log("delivered", { event: delivery.event, action: delivery.action, status: outcome.code });
  world.touch();
};

/** Sends without being waited for, and knows what is under way. */
const backgroundSender = (send: (world: World, delivery: Delivery) => Promise<void>) => {
  const underWay = new Set<Promise<void>>();
  return {
    start: (world: World, delivery: Delivery): void => {
      const work = send(world, delivery)
        .catch((error: unknown) =>
          world.log("a delivery failed", { guid: delivery.guid, error: String(error) }),
        )
        .finally(() => underWay.delete(work));
      underWay.add(work);
    },
    settled: async (): Promise<void> => {
      while (underWay.size > 0) await Promise.all(underWay);
    },
  };
};
