import { z } from "zod";

export const REGION = "eu-central-1";
export const ACCOUNT = "000000000000";

export const EnvironmentVariable = z.looseObject({
  name: z.string().min(1),
  value: z.string(),
  type: z.literal("PLAINTEXT", "only PLAINTEXT variables are kept here").default("PLAINTEXT"),
});
export type EnvironmentVariable = z.infer<typeof EnvironmentVariable>;

/** What CreateProject takes; members that nothing here looks at are kept and handed back. */
export const ProjectInput = z.looseObject({
  name: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9\-_]{1,149}$/, "a project's name has 2 to 150 of [A-Za-z0-9-_]"),
  source: z.looseObject({
    type: z.literal("NO_SOURCE", "projects here have no source: their builds fetch what they need"),
    buildspec: z.string().optional(),
  }),
  artifacts: z.looseObject({
    type: z.enum(["NO_ARTIFACTS", "S3"]),
    location: z.string().optional(),
    path: z.string().optional(),
    name: z.string().optional(),
    namespaceType: z.enum(["NONE", "BUILD_ID"]).optional(),
    packaging: z.literal("NONE", "artifacts are not packed here").optional(),
  }),
  environment: z.looseObject({
    type: z.string(),
    image: z.string().min(1),
    computeType: z.string(),
    privilegedMode: z.boolean().optional(),
    environmentVariables: z.array(EnvironmentVariable).default([]),
  }),
  serviceRole: z.string().min(1),
  timeoutInMinutes: z.int().min(5).max(2160).default(60),
  queuedTimeoutInMinutes: z.int().min(5).max(480).default(480),
  concurrentBuildLimit: z.int().min(1).optional(),
  vpcConfig: z.looseObject({ vpcId: z.string().optional() }).optional(),
});
export type ProjectInput = z.infer<typeof ProjectInput>;

/** A project as CodeBuild tells it; times are epoch seconds. */
export type Project = ProjectInput & {
  readonly arn: string;
  readonly created: number;
  readonly lastModified: number;
};

/** What StartBuild takes. */
export const Order = z.strictObject({
  projectName: z.string(),
  idempotencyToken: z.string().optional(),
  environmentVariablesOverride: z.array(EnvironmentVariable).optional(),
  imageOverride: z.string().optional(),
  buildspecOverride: z.string().optional(),
  timeoutInMinutesOverride: z.int().min(5).max(2160).optional(),
});
export type Order = z.infer<typeof Order>;

export type Status = "IN_PROGRESS" | "SUCCEEDED" | "FAILED" | "FAULT" | "TIMED_OUT" | "STOPPED";

export interface Phase {
  readonly phaseType: string;
  readonly phaseStatus?: Status;
  /** Epoch seconds, as all times. */
  readonly startTime: number;
  readonly endTime?: number;
  readonly durationInSeconds?: number;
  readonly contexts?: readonly { readonly statusCode: string; readonly message: string }[];
}

/** A build as CodeBuild tells it. */
export interface Build {
  readonly id: string;
  readonly arn: string;
  readonly buildNumber: number;
  readonly projectName: string;
  readonly buildStatus: Status;
  readonly buildComplete: boolean;
  readonly currentPhase: string;
  readonly startTime: number;
  readonly endTime?: number;
  readonly initiator: string;
  readonly serviceRole: string;
  readonly source: { readonly type: string; readonly buildspec: string };
  readonly artifacts: { readonly location: string };
  readonly environment: Project["environment"];
  readonly vpcConfig?: Project["vpcConfig"];
  readonly timeoutInMinutes: number;
  readonly queuedTimeoutInMinutes: number;
  readonly logs: { readonly groupName: string; readonly streamName: string; readonly deepLink: string };
  readonly phases: readonly Phase[];
  readonly exportedEnvironmentVariables: readonly { readonly name: string; readonly value: string }[];
}

export const projectArn = (name: string): string => `arn:aws:codebuild:${REGION}:${ACCOUNT}:project/${name}`;
export const buildArn = (id: string): string => `arn:aws:codebuild:${REGION}:${ACCOUNT}:build/${id}`;

/** A build's id, given that or its ARN. */
export const buildId = (idOrArn: string): string =>
  idOrArn.replace(/^arn:aws:codebuild:[^:]*:[^:]*:build\//, "");
