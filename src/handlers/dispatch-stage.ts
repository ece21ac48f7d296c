import { dispatchStage } from "../flow/dispatch/dispatch-stage.ts";
import { StagesMessage } from "../pipelines/messages.ts";
import { Channel } from "../pipelines/pull-channel.ts";
import { Publisher } from "../pipelines/order/publisher.ts";
import { Reuse } from "../pipelines/reuse.ts";
import { codeBuildBuilder } from "../platform/aws/builder.ts";
import { codeBuildClient, logsClient, s3Client, sqsClient } from "../platform/aws/clients.ts";
import { githubClients } from "../platform/github/client.ts";
import { octokitGitHub } from "../platform/github/github.ts";
import { readEnv } from "./environment.ts";
import { clock, logOf, onQueue } from "./lambda.ts";
import { appOf, blobsOf, deploymentOf, movePowers, recordsOf } from "./powers.ts";

// stages queue -> CodeBuild. The only door that starts and stops builds; the app's key lends private sources.
const env = readEnv(process.env, [
  "STATE_BUCKET",
  "STAGES_QUEUE_URL",
  "REPORTS_QUEUE_URL",
  "LOGS_BUCKET",
  "PROJECT_PREFIX",
  "MIRROR_BUCKET",
  "MIRROR_URL",
  "SIGNING_KEY_ID",
  "PULL_SIGNING_KEY_ID",
  "ATTESTATION_KEY_ID",
  "APP_ID",
  "PRIVATE_KEY",
  "DEPLOYMENT",
]);
const log = logOf("dispatch-stage");
const deployment = deploymentOf(env);
const app = appOf(env, deployment);
const s3 = s3Client();

export const handler = onQueue(
  (body) => StagesMessage.parse(body),
  dispatchStage({
    ...movePowers({ s3, sqs: sqsClient() }, env),
    blobs: blobsOf(s3, env.STATE_BUCKET),
    logs: blobsOf(s3, env.LOGS_BUCKET),
    built: recordsOf(s3, env.STATE_BUCKET, Reuse),
    publishers: recordsOf(s3, env.STATE_BUCKET, Publisher),
    channels: recordsOf(s3, env.STATE_BUCKET, Channel),
    builder: codeBuildBuilder({
      codebuild: codeBuildClient(),
      logs: logsClient(),
      prefix: env.PROJECT_PREFIX,
    }),
    github: octokitGitHub(githubClients(app), app.appId),
    mirror: { bucket: env.MIRROR_BUCKET, url: env.MIRROR_URL },
    staging: env.STATE_BUCKET,
    signingKey: env.SIGNING_KEY_ID,
    pullSigningKey: env.PULL_SIGNING_KEY_ID,
    attestationKey: env.ATTESTATION_KEY_ID,
    keyAlias: (name) => `alias/${env.PROJECT_PREFIX}${name}`,
    deployment,
    clock,
    log,
  }),
  log,
);
