import { readFileSync } from "node:fs";
import { builderStatements, SIGNING, trustOf } from "./builder-roles.ts";
import { POOLS, type Pool } from "./pools.ts";
import { arnOf, logicalId, type Part, ref, type Resolving, type Resource, role, sub } from "./resources.ts";
import { type Tool, toolOf } from "./tools.ts";

const IMAGES = {
  LINUX_CONTAINER: "aws/codebuild/amazonlinux-x86_64-standard:5.0",
  ARM_CONTAINER: "aws/codebuild/amazonlinux-aarch64-standard:3.0",
} as const;

/** Per pool its CodeBuild project, its role and its log. */
export async function builders({ resolveVariable }: Resolving): Promise<Part> {
  const prefix = await resolveVariable("self:custom.prefix");
  const publishImage = await resolveVariable("param:publishImage");
  const parts = await Promise.all(
    POOLS.map(async (pool) => {
      const image = pool.kind === "publish" ? publishImage : IMAGES[pool.machine];
      return resources(pool, { prefix, image, tool: await toolOf(pool.kind) });
    }),
  );
  return { Resources: Object.assign({ PublishSigning: SIGNING }, ...parts) };
}

interface Setting {
  readonly prefix: string;
  readonly image: string;
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
        Environment: environment(pool, setting),
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

function environment(pool: Pool, { image, tool }: Setting) {
  return {
    Type: pool.machine,
    ComputeType: `BUILD_GENERAL1_${pool.size}`,
    Image: image,
    PrivilegedMode: pool.emulated,
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
