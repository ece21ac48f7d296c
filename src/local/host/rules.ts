import { randomUUID } from "node:crypto";
import { SendMessageCommand } from "@aws-sdk/client-sqs";
import { z } from "zod";
import type { Wiring } from "./mappings.ts";
import { matches } from "./pattern.ts";
import { startSchedule } from "./schedule.ts";
import { ofType, type Template } from "./template.ts";
import { ACCOUNT, arn, REGION } from "./values.ts";

const Rule = z.object({
  EventPattern: z.record(z.string(), z.unknown()).optional(),
  ScheduleExpression: z.string().optional(),
  State: z.string().default("ENABLED"),
  Targets: z.array(z.object({ Arn: z.object({ "Fn::GetAtt": z.tuple([z.string(), z.literal("Arn")]) }) })),
});

const rulesOf = (template: Template) =>
  ofType(template, "AWS::Events::Rule")
    .map(({ id, properties }) => ({ id, ...Rule.parse(properties) }))
    .filter(({ State }) => State === "ENABLED")
    .map((rule) => ({ ...rule, targets: rule.Targets.map(({ Arn }) => Arn["Fn::GetAtt"][0]) }));

/** Sends an event to the queues of every rule whose pattern it matches. */
export function eventBus(template: Template, { sqs, resolve }: Wiring): (event: unknown) => Promise<void> {
  const rules = rulesOf(template).filter(({ EventPattern }) => EventPattern !== undefined);
  return async (event) => {
    for (const { targets } of rules.filter(({ EventPattern }) => matches(EventPattern, event))) {
      for (const queue of targets) {
        const QueueUrl = String(resolve({ Ref: queue }));
        await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(event) }));
      }
    }
  };
}

/** Starts every schedule of the template; each calls its door. */
export const startSchedules = (template: Template, { doors, log }: Wiring, timeScale: number) =>
  rulesOf(template).flatMap(({ id, ScheduleExpression: expression, targets }) =>
    expression === undefined
      ? []
      : targets.map((target) => {
          const door = doors.get(target);
          if (!door) throw new Error(`${id} calls ${target}, which is no function of the template.`);
          const fire = async (): Promise<void> => {
            try {
              await door.invoke(scheduledEvent(id));
            } catch (error) {
              log("a door failed", { door: door.name, error: String(error) });
            }
          };
          return startSchedule({ expression, timeScale, fire });
        }),
  );

const scheduledEvent = (rule: string) => ({
  version: "0",
  id: randomUUID(),
  "detail-type": "Scheduled Event",
  source: "aws.events",
  account: ACCOUNT,
  time: new Date().toISOString(),
  region: REGION,
  resources: [arn("events", `rule/${rule}`)],
  detail: {},
});
