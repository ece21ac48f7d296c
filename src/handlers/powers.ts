import { randomUUID } from "node:crypto";
import type { S3Client } from "@aws-sdk/client-s3";
import type { SQSClient } from "@aws-sdk/client-sqs";
import type { z } from "zod";
import type { MovePorts } from "../flow/move-run.ts";
import { Deployment } from "../pipelines/deployment.ts";
import type { ReportsMessage, StagesMessage } from "../pipelines/messages.ts";
import { Run } from "../pipelines/run.ts";
import { s3Blobs } from "../platform/aws/blobs.ts";
import { sqsQueue } from "../platform/aws/queue.ts";
import { s3Records } from "../platform/aws/records.ts";
import type { Blobs } from "../ports.ts";
import type { App } from "../platform/github/client.ts";

/** Records of one kind in the state bucket. */
export const recordsOf = <T>(s3: S3Client, bucket: string, schema: z.ZodType<T>) =>
  s3Records<T>({ s3, bucket, parse: (json) => schema.parse(json), nonce: randomUUID });

export const blobsOf = (s3: S3Client, bucket: string): Blobs => s3Blobs({ s3, bucket, nonce: randomUUID });

/** What every door needs that moves runs. */
export function movePowers(
  { s3, sqs }: { readonly s3: S3Client; readonly sqs: SQSClient },
  env: Readonly<Record<"STATE_BUCKET" | "STAGES_QUEUE_URL" | "REPORTS_QUEUE_URL", string>>,
): MovePorts {
  return {
    runs: recordsOf(s3, env.STATE_BUCKET, Run),
    blobs: blobsOf(s3, env.STATE_BUCKET),
    stages: sqsQueue<StagesMessage>({ sqs, url: env.STAGES_QUEUE_URL }),
    reports: sqsQueue<ReportsMessage>({ sqs, url: env.REPORTS_QUEUE_URL }),
  };
}

export const deploymentOf = (env: { readonly DEPLOYMENT: string }): Deployment =>
  Deployment.parse(JSON.parse(env.DEPLOYMENT));

/** Our GitHub app. Keys come in one line from some stores, with `\n` written out. */
export function appOf(env: Readonly<Record<"APP_ID" | "PRIVATE_KEY", string>>, deployment: Deployment): App {
  const privateKey = env.PRIVATE_KEY.replaceAll("\\n", "\n");
  return { appId: Number(env.APP_ID), privateKey, api: deployment.github.api };
}
