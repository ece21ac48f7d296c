import { setTimeout as pause } from "node:timers/promises";
import type { Log } from "../../ports.ts";
import type { Credentials, Endpoints } from "./aws.ts";
import { serveFunctionUrls } from "./function-url.ts";
import { openDoors } from "./functions.ts";
import { idle } from "./idle.ts";
import { makeResources } from "./make-resources.ts";
import { serveMappings, type Wiring } from "./mappings.ts";
import { redriveQueue } from "./redrive.ts";
import type { Resolve } from "./resolve.ts";
import { eventBus, startSchedules } from "./rules.ts";
import { Template } from "./template.ts";

export interface HostOptions {
  /** The compiled template, parsed from `.serverless/cloudformation-template-update-stack.json`. */
  readonly template: unknown;
  /** In place of what the host finds: `Id` for a Ref, `Id.Attribute` for a GetAtt. */
  readonly resolve?: Readonly<Record<string, string>> | undefined;
  /** Values of environment variables in place of the template's, by name. */
  readonly environment?: Readonly<Record<string, string>> | undefined;
  readonly endpoints: Endpoints;
  /** Scratch space of the doors. */
  readonly dir: string;
  /** The file of a door's source, by the door's name (`decide-event`). */
  readonly doors: (door: string) => string;
  /** Credentials of a role by its name in the template, and of `deployer`. */
  readonly credentials: (who: string) => Credentials;
  /** Where webhooks arrive; 0 takes a free port. */
  readonly publicPort: number;
  /** APP_ID, PRIVATE_KEY, WEBHOOK_SECRET. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Directory of the stages' tools, as `osls package` leaves them. */
  readonly tools?: string | undefined;
  /** Tests shorten time: visibility timeouts (to whole seconds) and rates are multiplied. */
  readonly visibilityScale?: number | undefined;
  readonly timeScale?: number | undefined;
  readonly log: Log;
}

export interface Host {
  readonly webhookUrl: string | undefined;
  /** Calls a door by name, as Lambda's Invoke does. */
  invoke(door: string, event: unknown): Promise<unknown>;
  /** Gives an event to EventBridge: CodeBuild's news. */
  deliverEvent(event: unknown): Promise<void>;
  /** Resolves when no queue holds a message and no door is at work. */
  idle(): Promise<void>;
  /** Moves the dead letters of a queue (`EventsQueue`) back and says how many. */
  redrive(queue: string): Promise<number>;
  /** What the template means by a value, here: `{Ref: "MirrorBucket"}`. */
  readonly resolve: Resolve;
  close(): Promise<void>;
}

/** Wires doors to queues, schedules and events as the compiled template says. */
export async function startHost(options: HostOptions): Promise<Host> {
  const { log, publicPort: port, timeScale = 1, environment = {} } = options;
  const template = Template.parse(options.template);
  const { sqs, resolve } = await makeResources(template, options);
  const doors = await openDoors(template, { ...options, environment, resolve });
  const wiring: Wiring = { sqs, resolve, doors, log };
  const mappings = serveMappings(template, wiring);
  const schedules = startSchedules(template, wiring, timeScale);
  const [url] = await serveFunctionUrls(template, { doors, port, log });
  return {
    webhookUrl: url?.url,
    resolve,
    deliverEvent: eventBus(template, wiring),
    invoke: async (door, event) => {
      const one = [...doors.values()].find(({ name }) => name === door);
      if (!one) throw new Error(`There is no door ${door} in the template.`);
      return await one.invoke(event);
    },
    idle: () => idle({ sqs, doors: [...doors.values()], queues: mappings.map(({ queueUrl }) => queueUrl) }),
    redrive: (queue) => redriveQueue(template, { sqs, resolve, queue }),
    async close() {
      await url?.close();
      const quiet = Promise.all([...schedules, ...mappings].map((one) => one.close()));
      await Promise.race([quiet, pause(LAST_WORDS, undefined, { ref: false })]);
      await Promise.all([...doors.values()].map((door) => door.close()));
      await quiet;
      sqs.destroy();
    },
  };
}

/** Milliseconds that doors have to end what they are at, when the host closes. */
const LAST_WORDS = 5_000;
