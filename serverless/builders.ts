import { readFileSync } from "node:fs";
import { builderStatements, trustOf } from "./builder-roles.ts";
import { signingPolicies } from "./keys.ts";
import { POOLS, type Pool } from "./pools.ts";
import { arnOf, logicalId, type Part, ref, type Resolving, type Resource, role, sub } from "./resources.ts";
import { type Tool, toolOf } from "./tools.ts";

const STANDARD = {
  Image: "aws/codebuild/amazonlinux-x86_64-standard:5.0",
  ImagePullCredentialsType: "CODEBUILD",
};

/** Every build names its root, and CodeBuild pulls it as the project's role. Without a name there is nothing to pull. */
const NO_ROOT = {
  Image: sub("${AWS::AccountId}.dkr.ecr.${AWS::Region}.${AWS::URLSuffix}/millwright-roots/none:none"),
  ImagePullCredentialsType: "SERVICE_ROLE",
};

/** Per pool its CodeBuild project, its role and its log. */
export async function builders({ resolveVariable }: Resolving): Promise<Part> {
  const prefix = await resolveVariable("self:custom.prefix");
  const parts = await Promise.all(
    POOLS.map(async (pool) => resources(pool, { prefix, tool: await toolOf(pool.tool ?? pool.kind) })),
  );
  return { Resources: Object.assign({}, signingPolicies(), ...parts) };
}

interface Setting {
  readonly prefix: string;
  readonly tool: Tool | undefined;
}

function resources(pool: Pool, setting: Setting): Record<string, Resource> {
  const id = logicalId(pool.name);
  const project = setting.prefix + pool.name;
  return {
    [`${id}Project`]: {
      Type: "AWS::CodeBuild::Project",
      Properties: {
        Name: project,
        ServiceRole: arnOf(`${id}Role`),
        Source: { Type: "NO_SOURCE", BuildSpec: buildspec(pool) },
        Artifacts: { Type: "NO_ARTIFACTS" },
        Environment: environment(pool, setting.tool),
        LogsConfig: { CloudWatchLogs: { Status: "ENABLED", GroupName: ref(`${id}Log`) } },
        ConcurrentBuildLimit: pool.atOnce,
        TimeoutInMinutes: pool.minutes,
        QueuedTimeoutInMinutes: 5,
        Visibility: "PRIVATE",
        ...(pool.offline && { VpcConfig: OFFLINE }),
      },
    },
    [`${id}Role`]: role("codebuild.amazonaws.com", builderStatements(pool, project), trustOf(project)),
    [`${id}Log`]: {
      Type: "AWS::Logs::LogGroup",
      Properties: { LogGroupName: `/aws/codebuild/${project}`, RetentionInDays: 30 },
    },
  };
}

const OFFLINE = {
  VpcId: ref("BuildVpc"),
  Subnets: [ref("BuildSubnetA"), ref("BuildSubnetB")],
  SecurityGroupIds: [ref("BuildSecurityGroup")],
};

/** The shell's own `${…}` must not be taken for a variable of the template. */
const buildspec = (pool: Pool): string =>
  readFileSync(new URL(`../buildspecs/${pool.buildspec}`, import.meta.url), "utf8").replaceAll("${", "\\${");

function environment(pool: Pool, tool: Tool | undefined) {
  return {
    Type: pool.machine,
    ComputeType: `BUILD_GENERAL1_${pool.size}`,
    ...(pool.kind === "build" ? NO_ROOT : STANDARD),
    PrivilegedMode: pool.emulated || pool.privileged === true,
    EnvironmentVariables: tool ? toolVariables(tool) : [],
  };
}

/** Fetched like any file and run only if its digest is the one deployed. */
const toolVariables = ({ key, sha256 }: Tool) => [
  {
    Name: "MILLWRIGHT_TOOL",
    Type: "PLAINTEXT",
    Value: sub(`https://\${ToolsBucket.RegionalDomainName}/${key}`),
  },
  { Name: "MILLWRIGHT_TOOL_SHA256", Type: "PLAINTEXT", Value: sha256 },
];
