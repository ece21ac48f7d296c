import type { SQSClient } from "@aws-sdk/client-sqs";
import { z } from "zod";
import type { Log } from "../../ports.ts";
import type { Door } from "./door.ts";
import { type Mapping, serveMapping } from "./mapping.ts";
import type { Resolve } from "./resolve.ts";
import { ofType, type Template } from "./template.ts";

const Arn = z
  .object({ "Fn::GetAtt": z.tuple([z.string(), z.literal("Arn")]) })
  .transform((arn) => arn["Fn::GetAtt"][0]);

const Source = z.object({
  EventSourceArn: Arn,
  FunctionName: Arn,
  BatchSize: z.int().default(10),
  MaximumBatchingWindowInSeconds: z.int().default(0),
  FunctionResponseTypes: z.array(z.string()).default([]),
  ScalingConfig: z.object({ MaximumConcurrency: z.int() }).default({ MaximumConcurrency: 5 }),
});

export interface Wiring {
  readonly sqs: SQSClient;
  readonly resolve: Resolve;
  readonly doors: ReadonlyMap<string, Door>;
  readonly log: Log;
}

/** Serves every event source mapping of the template. */
export const serveMappings = (template: Template, { sqs, resolve, doors, log }: Wiring): readonly Mapping[] =>
  ofType(template, "AWS::Lambda::EventSourceMapping").map(({ id, properties }) => {
    const source = Source.parse(properties);
    const door = doors.get(source.FunctionName);
    if (!door) throw new Error(`${id} feeds ${source.FunctionName}, which is no function of the template.`);
    return serveMapping({
      sqs,
      door,
      queueUrl: String(resolve({ Ref: source.EventSourceArn })),
      queueArn: String(resolve({ "Fn::GetAtt": [source.EventSourceArn, "Arn"] })),
      batchSize: source.BatchSize,
      windowSeconds: source.MaximumBatchingWindowInSeconds,
      atOnce: source.ScalingConfig.MaximumConcurrency,
      reports: source.FunctionResponseTypes.includes("ReportBatchItemFailures"),
      log,
    });
  });
