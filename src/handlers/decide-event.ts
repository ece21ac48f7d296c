import { app as listen } from "../bot/app.ts";
import { Review } from "../bot/review/review.ts";
import type { MailsMessage } from "../bot/mails.ts";
import { EventsMessage, StoredDelivery } from "../bot/messages.ts";
import { decideEvent } from "../flow/decide/event.ts";
import { Budget } from "../pipelines/order/budget.ts";
import { Graph } from "../pipelines/graph/record.ts";
import { Chain } from "../pipelines/graph/chain.ts";
import { History } from "../pipelines/order/history.ts";
import { Line } from "../pipelines/order/line.ts";
import { Channel } from "../pipelines/pull-channel.ts";
import { Release, Turn } from "../pipelines/release/release.ts";
import { Update } from "../pipelines/service/update-records.ts";
import { AliasesSeen } from "../pipelines/aliases-seen.ts";
import { Newest } from "../pipelines/newest.ts";
import { s3Client, sqsClient } from "../platform/aws/clients.ts";
import { sqsQueue } from "../platform/aws/queue.ts";
import { githubClients } from "../platform/github/client.ts";
import { octokitGitHub } from "../platform/github/github.ts";
import { probotHear } from "../platform/github/hear.ts";
import { upstreamsOf } from "../platform/upstream/upstreams.ts";
import { readEnv } from "./environment.ts";
import { clock, digest, logOf, onQueue } from "./lambda.ts";
import { web } from "../source/web.ts";
import { appOf, blobsOf, deploymentOf, movePowers, recordsOf } from "./powers.ts";

// events queue -> runs. Holds the app's key to ask GitHub and to say why nothing is built; starts no build.
const env = readEnv(process.env, [
  "STATE_BUCKET",
  "MIRROR_BUCKET",
  "STAGES_QUEUE_URL",
  "REPORTS_QUEUE_URL",
  "MAILS_QUEUE_URL",
  "APP_ID",
  "PRIVATE_KEY",
  "WEBHOOK_SECRET",
  "DEPLOYMENT",
]);
const log = logOf("decide-event");
const deployment = deploymentOf(env);
const app = appOf(env, deployment);
const s3 = s3Client();
const sqs = sqsClient();
const clients = githubClients(app);
const powers = movePowers({ s3, sqs }, env);

export const handler = onQueue(
  (body) => EventsMessage.parse(body),
  decideEvent({
    ...powers,
    deliveries: recordsOf(s3, env.STATE_BUCKET, StoredDelivery),
    ledger: powers.blobs,
    pins: blobsOf(s3, env.STATE_BUCKET),
    releases: recordsOf(s3, env.STATE_BUCKET, Release),
    turns: recordsOf(s3, env.STATE_BUCKET, Turn),
    numbers: blobsOf(s3, env.STATE_BUCKET),
    newest: recordsOf(s3, env.STATE_BUCKET, Newest),
    aliases: recordsOf(s3, env.STATE_BUCKET, AliasesSeen),
    mirrored: blobsOf(s3, env.MIRROR_BUCKET),
    histories: recordsOf(s3, env.STATE_BUCKET, History),
    graphs: recordsOf(s3, env.STATE_BUCKET, Graph),
    graphKeys: blobsOf(s3, env.STATE_BUCKET),
    chains: recordsOf(s3, env.STATE_BUCKET, Chain),
    lines: recordsOf(s3, env.STATE_BUCKET, Line),
    reviews: recordsOf(s3, env.STATE_BUCKET, Review),
    updates: recordsOf(s3, env.STATE_BUCKET, Update),
    ownCommits: blobsOf(s3, env.STATE_BUCKET),
    results: blobsOf(s3, env.STATE_BUCKET),
    budgets: recordsOf(s3, env.STATE_BUCKET, Budget),
    channels: recordsOf(s3, env.STATE_BUCKET, Channel),
    mails: sqsQueue<MailsMessage>({ sqs, url: env.MAILS_QUEUE_URL }),
    github: octokitGitHub(clients, app.appId),
    upstreams: upstreamsOf(clients, web(deployment.hosts)),
    hear: probotHear(app, env.WEBHOOK_SECRET, { listen, log }),
    deployment,
    clock,
    digest,
    log,
  }),
  log,
);
