import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { CodeBuildClient } from "@aws-sdk/client-codebuild";
import { S3Client } from "@aws-sdk/client-s3";
import { SESv2Client } from "@aws-sdk/client-sesv2";
import { SQSClient } from "@aws-sdk/client-sqs";

// Region, credentials and addresses come from the ambient AWS_* variables, as in Lambda and CodeBuild. A door has
// seconds, not minutes: an attempt that hangs is given up early enough for the next one.
const patience = (seconds: number) => ({
  maxAttempts: 4,
  retryMode: "standard",
  requestHandler: { connectionTimeout: 2_000, requestTimeout: seconds * 1_000 },
});

export const s3Client = (): S3Client => new S3Client(patience(20));

/** The queue's address names the queue; where to ask is the endpoint's business. */
export const sqsClient = (): SQSClient => new SQSClient({ ...patience(5), useQueueUrlAsEndpoint: false });

export const codeBuildClient = (): CodeBuildClient => new CodeBuildClient(patience(10));

export const sesClient = (): SESv2Client => new SESv2Client(patience(10));

export const logsClient = (): CloudWatchLogsClient => new CloudWatchLogsClient(patience(10));
