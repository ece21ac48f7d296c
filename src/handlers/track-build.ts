import { z } from "zod";
import { trackBuild } from "../flow/hear/track-build.ts";
import { BootHistory } from "../pipelines/boot/history.ts";
import { PackageList } from "../pipelines/package-list.ts";
import { Graph } from "../pipelines/graph/record.ts";
import { Chain } from "../pipelines/graph/chain.ts";
import { History } from "../pipelines/order/history.ts";
import { Publisher } from "../pipelines/order/publisher.ts";
import { Reuse } from "../pipelines/reuse.ts";
import type { EventsMessage } from "../bot/messages.ts";
import { sqsQueue } from "../platform/aws/queue.ts";
import { codeBuildBuilder } from "../platform/aws/builder.ts";
import { codeBuildClient, logsClient, s3Client, sqsClient } from "../platform/aws/clients.ts";
import { readEnv } from "./environment.ts";
import { clock, digest, logOf, onQueue } from "./lambda.ts";
import { blobsOf, deploymentOf, movePowers, recordsOf } from "./powers.ts";

// builds queue (EventBridge) -> runs. Reads builds and their logs; holds no GitHub key and starts nothing.
const env = readEnv(process.env, [
  "STATE_BUCKET",
  "EVENTS_QUEUE_URL",
  "STAGES_QUEUE_URL",
  "REPORTS_QUEUE_URL",
  "LOGS_BUCKET",
  "PROJECT_PREFIX",
  "DEPLOYMENT",
]);
const log = logOf("track-build");
const s3 = s3Client();
const sqs = sqsClient();

/** Of CodeBuild's event only this is believed: that something happened to this build (its ARN). */
const BuildEvent = z
  .object({ detail: z.object({ "build-id": z.string() }) })
  .transform(({ detail }) => ({ build: detail["build-id"] }));

export const handler = onQueue(
  (body) => BuildEvent.parse(body),
  trackBuild({
    ...movePowers({ s3, sqs }, env),
    events: sqsQueue<EventsMessage>({ sqs, url: env.EVENTS_QUEUE_URL }),
    blobs: blobsOf(s3, env.STATE_BUCKET),
    logs: blobsOf(s3, env.LOGS_BUCKET),
    built: recordsOf(s3, env.STATE_BUCKET, Reuse),
    publishers: recordsOf(s3, env.STATE_BUCKET, Publisher),
    histories: recordsOf(s3, env.STATE_BUCKET, History),
    graphs: recordsOf(s3, env.STATE_BUCKET, Graph),
    graphKeys: blobsOf(s3, env.STATE_BUCKET),
    chains: recordsOf(s3, env.STATE_BUCKET, Chain),
    boots: recordsOf(s3, env.STATE_BUCKET, BootHistory),
    lists: recordsOf(s3, env.STATE_BUCKET, PackageList),
    builder: codeBuildBuilder({
      codebuild: codeBuildClient(),
      logs: logsClient(),
      prefix: env.PROJECT_PREFIX,
    }),
    deployment: deploymentOf(env),
    clock,
    digest,
    log,
  }),
  log,
);
