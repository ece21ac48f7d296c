import type { EventsMessage } from "../bot/messages.ts";
import { sweep } from "../flow/tend/sweep.ts";
import { Newest } from "../pipelines/newest.ts";
import { BootHistory } from "../pipelines/boot/history.ts";
import { PackageList } from "../pipelines/package-list.ts";
import { Graph } from "../pipelines/graph/record.ts";
import { Chain } from "../pipelines/graph/chain.ts";
import { History } from "../pipelines/order/history.ts";
import { Publisher } from "../pipelines/order/publisher.ts";
import { Reuse } from "../pipelines/reuse.ts";
import { codeBuildBuilder } from "../platform/aws/builder.ts";
import { codeBuildClient, logsClient, s3Client, sqsClient } from "../platform/aws/clients.ts";
import { sqsQueue } from "../platform/aws/queue.ts";
import { githubClients } from "../platform/github/client.ts";
import { octokitGitHub } from "../platform/github/github.ts";
import { githubWatch } from "../platform/github/watch.ts";
import { readEnv } from "./environment.ts";
import { clock, digest, logOf } from "./lambda.ts";
import { appOf, blobsOf, deploymentOf, movePowers, recordsOf } from "./powers.ts";

// schedule -> what the other doors missed. Asks CodeBuild and GitHub, moves runs, redelivers; starts no build.
const env = readEnv(process.env, [
  "STATE_BUCKET",
  "EVENTS_QUEUE_URL",
  "STAGES_QUEUE_URL",
  "REPORTS_QUEUE_URL",
  "LOGS_BUCKET",
  "PROJECT_PREFIX",
  "APP_ID",
  "PRIVATE_KEY",
  "DEPLOYMENT",
]);
const log = logOf("sweep");
const deployment = deploymentOf(env);
const app = appOf(env, deployment);
const clients = githubClients(app);
const s3 = s3Client();
const sqs = sqsClient();

const step = sweep({
  ...movePowers({ s3, sqs }, env),
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
  newest: recordsOf(s3, env.STATE_BUCKET, Newest),
  events: sqsQueue<EventsMessage>({ sqs, url: env.EVENTS_QUEUE_URL }),
  builder: codeBuildBuilder({ codebuild: codeBuildClient(), logs: logsClient(), prefix: env.PROJECT_PREFIX }),
  github: { ...octokitGitHub(clients, app.appId), ...githubWatch(clients) },
  deployment,
  clock,
  digest,
  log,
});

export const handler = async (): Promise<void> => step();
