import type { MailsMessage } from "../bot/mails.ts";
import { Review } from "../bot/review/review.ts";
import { reportRun } from "../flow/tell/report-run.ts";
import { Announcement } from "../pipelines/release/announcement.ts";
import { Budget } from "../pipelines/order/budget.ts";
import { Comment } from "../pipelines/comment.ts";
import { ReportsMessage } from "../pipelines/messages.ts";
import { s3Client, sqsClient } from "../platform/aws/clients.ts";
import { sqsQueue } from "../platform/aws/queue.ts";
import { githubClients } from "../platform/github/client.ts";
import { octokitGitHub } from "../platform/github/github.ts";
import { Line } from "../pipelines/order/line.ts";
import { Newest } from "../pipelines/newest.ts";
import { readEnv } from "./environment.ts";
import { clock, logOf, onQueue } from "./lambda.ts";
import { appOf, blobsOf, deploymentOf, movePowers, recordsOf } from "./powers.ts";

// reports queue -> GitHub. Writes check runs, the one comment and the Releases that the rules ask for; starts nothing.
const env = readEnv(process.env, [
  "STATE_BUCKET",
  "STAGES_QUEUE_URL",
  "REPORTS_QUEUE_URL",
  "MAILS_QUEUE_URL",
  "LOGS_URL",
  "APP_ID",
  "PRIVATE_KEY",
  "DEPLOYMENT",
]);
const log = logOf("report-run");
const deployment = deploymentOf(env);
const app = appOf(env, deployment);

const s3 = s3Client();
const sqs = sqsClient();

export const handler = onQueue(
  (body) => ReportsMessage.parse(body),
  reportRun({
    ...movePowers({ s3, sqs }, env),
    blobs: blobsOf(s3, env.STATE_BUCKET),
    mails: sqsQueue<MailsMessage>({ sqs, url: env.MAILS_QUEUE_URL }),
    github: octokitGitHub(githubClients(app), app.appId),
    announcements: recordsOf(s3, env.STATE_BUCKET, Announcement),
    lines: recordsOf(s3, env.STATE_BUCKET, Line),
    deployment,
    clock,
    newest: recordsOf(s3, env.STATE_BUCKET, Newest),
    reviews: recordsOf(s3, env.STATE_BUCKET, Review),
    comments: recordsOf(s3, env.STATE_BUCKET, Comment),
    budgets: recordsOf(s3, env.STATE_BUCKET, Budget),
    logsUrl: env.LOGS_URL,
    log,
  }),
  log,
);
