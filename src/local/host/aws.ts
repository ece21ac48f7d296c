import { CodeBuildClient } from "@aws-sdk/client-codebuild";
import { KMSClient } from "@aws-sdk/client-kms";
import { S3Client } from "@aws-sdk/client-s3";
import { SQSClient } from "@aws-sdk/client-sqs";
import { REGION } from "./values.ts";

/** Where the embedded services answer. What the template does not use may be left out. */
export interface Endpoints {
  readonly sqs: string;
  readonly s3?: string | undefined;
  readonly codebuild?: string | undefined;
  readonly kms?: string | undefined;
  readonly logs?: string | undefined;
}

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** Clients of the embedded services, as the one who deploys. */
export function deployer(endpoints: Endpoints, credentials: Credentials) {
  const at = (service: keyof Endpoints) => ({
    region: REGION,
    credentials,
    endpoint: endpoints[service] ?? missing(service),
  });
  return {
    sqs: new SQSClient(at("sqs")),
    s3: () => new S3Client({ ...at("s3"), forcePathStyle: true }),
    codebuild: () => new CodeBuildClient(at("codebuild")),
    kms: () => new KMSClient(at("kms")),
  };
}

function missing(service: string): never {
  throw new Error(`The template uses ${service}; give the host its endpoint.`);
}

const ENDPOINT_NAMES = {
  sqs: "AWS_ENDPOINT_URL_SQS",
  s3: "AWS_ENDPOINT_URL_S3",
  codebuild: "AWS_ENDPOINT_URL_CODEBUILD",
  kms: "AWS_ENDPOINT_URL_KMS",
  logs: "AWS_ENDPOINT_URL_CLOUDWATCH_LOGS",
} as const satisfies Record<keyof Endpoints, string>;

/** The AWS_* variables that Lambda gives to a function of a role, and where our services are. */
export function ambient(
  endpoints: Endpoints,
  { accessKeyId, secretAccessKey }: Credentials,
): Record<string, string> {
  const addresses = Object.entries(ENDPOINT_NAMES).flatMap(([service, name]) => {
    const address = Object.entries(endpoints).find(([key]) => key === service)?.[1];
    return typeof address === "string" ? [[name, address]] : [];
  });
  return {
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    ...Object.fromEntries(addresses),
  };
}
