import { type Buildspec, variablesOf } from "./buildspec.ts";
import { type Build, projectArn, REGION } from "./model.ts";
import { type Root, searchPath } from "./root.ts";
import { SOURCE } from "./walls.ts";

export interface EnvironmentOf {
  readonly build: Build;
  readonly spec: Buildspec;
  readonly root: Root;
  /** Credentials and endpoints of the project's role. */
  readonly role: Readonly<Record<string, string>>;
}

/** All variables of a build; nothing of the server's own environment is among them. */
export const buildEnvironment = ({ build, spec, root, role }: EnvironmentOf): Record<string, string> => ({
  PATH: searchPath(root),
  HOME: "/root",
  USER: "root",
  LANG: "C.UTF-8",
  CI: "true",
  AWS_REGION: REGION,
  AWS_DEFAULT_REGION: REGION,
  ...role,
  ...variablesOf(spec, build.environment.environmentVariables),
  CODEBUILD_CI: "true",
  CODEBUILD_BUILD_ARN: build.arn,
  CODEBUILD_BUILD_ID: build.id,
  CODEBUILD_BUILD_IMAGE: build.environment.image,
  CODEBUILD_BUILD_NUMBER: String(build.buildNumber),
  CODEBUILD_BUILD_SUCCEEDING: "1",
  CODEBUILD_INITIATOR: build.initiator,
  CODEBUILD_LOG_PATH: build.logs.streamName,
  CODEBUILD_PROJECT_ARN: projectArn(build.projectName),
  CODEBUILD_SRC_DIR: SOURCE,
  CODEBUILD_START_TIME: String(Math.round(build.startTime * 1000)),
});
