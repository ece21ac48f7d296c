import type { EventsMessage } from "../bot/messages.ts";
import { tendCalendar } from "../flow/tend/tend-calendar.ts";
import { Newest } from "../pipelines/newest.ts";
import { Update, Watch } from "../pipelines/service/update-records.ts";
import { Chain } from "../pipelines/graph/chain.ts";
import { Channel } from "../pipelines/pull-channel.ts";
import { Run } from "../pipelines/run.ts";
import { s3Client, sqsClient } from "../platform/aws/clients.ts";
import { sqsQueue } from "../platform/aws/queue.ts";
import { githubClients } from "../platform/github/client.ts";
import { octokitGitHub } from "../platform/github/github.ts";
import { githubWatch } from "../platform/github/watch.ts";
import { upstreamsOf } from "../platform/upstream/upstreams.ts";
import { readEnv } from "./environment.ts";
import { clock, logOf } from "./lambda.ts";
import { web } from "../source/web.ts";
import { appOf, blobsOf, deploymentOf, recordsOf } from "./powers.ts";

// schedule -> what is due. Asks GitHub, and removes from the mirror what pull requests had there; moves no run.
const env = readEnv(process.env, [
  "STATE_BUCKET",
  "MIRROR_BUCKET",
  "EVENTS_QUEUE_URL",
  "APP_ID",
  "PRIVATE_KEY",
  "DEPLOYMENT",
]);
const deployment = deploymentOf(env);
const app = appOf(env, deployment);
const clients = githubClients(app);
const s3 = s3Client();

const step = tendCalendar({
  blobs: blobsOf(s3, env.STATE_BUCKET),
  mirror: blobsOf(s3, env.MIRROR_BUCKET),
  chains: recordsOf(s3, env.STATE_BUCKET, Chain),
  channels: recordsOf(s3, env.STATE_BUCKET, Channel),
  newest: recordsOf(s3, env.STATE_BUCKET, Newest),
  runs: recordsOf(s3, env.STATE_BUCKET, Run),
  events: sqsQueue<EventsMessage>({ sqs: sqsClient(), url: env.EVENTS_QUEUE_URL }),
  github: { ...octokitGitHub(clients, app.appId), ...githubWatch(clients) },
  watches: recordsOf(s3, env.STATE_BUCKET, Watch),
  updates: recordsOf(s3, env.STATE_BUCKET, Update),
  upstreams: upstreamsOf(clients, web(deployment.hosts)),
  deployment,
  clock,
  log: logOf("tend-calendar"),
});

export const handler = async (): Promise<void> => step();
